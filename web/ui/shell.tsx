import { type ReactNode, useEffect, useRef } from 'react';
import { forgetKey, type KeyedRole, keyOf, openedRoles } from '../app/access-key.ts';
import type { Announcer } from '../app/announcer.ts';
import type { Readable } from '../app/frame-store.ts';
import { useLoaded, useSelect, useStore } from '../app/hooks.ts';
import type { Live } from '../app/live.ts';
import { type PageName, workPages } from '../app/pages.ts';
import { shared } from '../words/shared.ts';
import { Button } from './button.tsx';
import { ConnectionBadge } from './connection-badge.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { LanguageMenu } from './language-menu.tsx';
import { NewVersion } from './new-version.tsx';
import styles from './shell.module.css';
import { ThemeSwitch } from './theme-switch.tsx';

interface ShellProps {
  /** Determines the first heading, the current link of the navigation and the window's title. */
  page: PageName;
  /** The window's title, if it is not the page's name. */
  title?: string | undefined;
  live?: Live | undefined;
  announcer?: Announcer | undefined;
  /** The header stays while the page scrolls: on phones only its lower line. */
  keepsHeader?: boolean;
  /** The page's own controls in the header. */
  tools?: ReactNode;
  /** The page's own banners. They stay with the header. */
  banners?: ReactNode;
  children: ReactNode;
}

/** The frame of every page: header, navigation, connection badge, banners and announcements. */
export function Shell({
  page,
  title,
  live,
  announcer,
  keepsHeader = false,
  tools,
  banners,
  children,
}: ShellProps) {
  const words = shared();
  const name = words.pages[page];
  useEffect(() => {
    document.title = page === 'home' ? name : `${title ?? name} · ${words.pages.home}`;
  }, [page, name, title, words]);
  const opened = openedRoles();
  const isWorkPage = workPages.some((one) => one.page === page);
  const role = workPages.find((one) => one.page === page)?.role;
  const shown = workPages.filter((one) => one.page === page || (opened?.includes(one.role) ?? true));
  return (
    <div className={styles['shell']}>
      <a className={styles['skip']} href="#main">
        {words.shell.skip}
      </a>
      <header className={styles['header']} data-kept={keepsHeader}>
        <a className={styles['brand']} href="/" aria-label={words.shell.brand}>
          CAPS
        </a>
        <nav className={styles['nav']} aria-label={words.shell.nav}>
          {shown.map((one) => (
            <a
              key={one.path}
              href={one.path}
              aria-current={one.page === page ? 'page' : undefined}
              data-far={(shown.length > narrowMax && isFar(one, role)) || undefined}
            >
              {words.pages[one.page]}
            </a>
          ))}
        </nav>
        <div className={styles['tools']}>{live ? <Tools live={live}>{tools}</Tools> : tools}</div>
        {isWorkPage && <ConnectionBadge live={live} />}
        {live && <SignOut role={live.role} />}
        <LanguageMenu />
        <ThemeSwitch />
      </header>
      <main id="main" className={styles['main']} tabIndex={-1}>
        <h1 className="visually-hidden">{name}</h1>
        {live ? (
          <Admitted live={live} banners={banners} keepsHeader={keepsHeader}>
            {children}
          </Admitted>
        ) : (
          children
        )}
      </main>
      {announcer && <Announcements announcer={announcer} />}
      {announcer && live && <ConnectionNews announcer={announcer} live={live} />}
    </div>
  );
}

/** A phone has room for so many links. */
const narrowMax = 3;

/**
 * Whether a phone, which has no room for all links, leaves this one out. Dispatch has two pages, and needs both; from the
 * others the board is the way to them.
 */
function isFar(link: (typeof workPages)[number], role: KeyedRole | undefined): boolean {
  return role === 'admin' ? link.role !== role : link.page === 'log';
}

/** Hides the page's header controls while the hub does not admit the user. */
function Tools({ live, children }: { live: Live; children: ReactNode }) {
  const badge = useSelect(live.state, (state) => state.badge);
  const isOut = badge.kind === 'signed-out' || badge.kind === 'refused' || badge.kind === 'turned-away';
  return isOut ? null : children;
}

interface AdmittedProps extends Pick<ShellProps, 'banners' | 'keepsHeader' | 'children'> {
  live: Live;
}

/** Shows the page, or the sign-in if the hub asks for a valid key. */
function Admitted({ live, banners, keepsHeader, children }: AdmittedProps) {
  const badge = useSelect(live.state, (state) => state.badge);
  const { role } = live;
  const isRefused = badge.kind === 'refused' && badge.code === 'unauthorized';
  if (role !== 'customer' && (isRefused || badge.kind === 'signed-out')) {
    return <WayIn role={role} problem={isRefused ? shared().key.notValid : undefined} />;
  }
  if (badge.kind === 'turned-away') {
    return (
      <div className={styles['note']}>
        <UnknownAddress why={badge.message} />
      </div>
    );
  }
  return (
    <>
      <div className={styles['banners']} data-kept={keepsHeader}>
        <ConnectionBanner live={live} />
        <NewVersion live={live} />
        {banners}
      </div>
      {children}
    </>
  );
}

const loadUnknownAddress = () => import('./unknown-address-note.tsx');

/** Shows just the text if its code cannot be loaded. */
function UnknownAddress({ why }: { why: string }) {
  const loaded = useLoaded(loadUnknownAddress);
  if (loaded === 'missing') return <p role="alert">{why}</p>;
  return loaded ? <loaded.UnknownAddressNote why={why} /> : null;
}

const loadSignIn = () => import('./sign-in.tsx');

/** The sign-in form. Its code is loaded on demand, because open hubs do not need it. */
export function WayIn(props: { role: KeyedRole; problem: string | undefined }) {
  const loaded = useLoaded(loadSignIn);
  if (loaded === 'missing') return <p role="alert">{shared().shell.signInMissing}</p>;
  return loaded ? <loaded.SignIn {...props} /> : null;
}

function SignOut({ role }: { role: Live['role'] }) {
  if (role === 'customer' || keyOf(role) === undefined) return null;
  const leave = (from: KeyedRole) => {
    forgetKey(from);
    location.reload();
  };
  return (
    <Button look="quiet" size="small" onClick={() => leave(role)}>
      {shared().shell.signOut}
    </Button>
  );
}

function Announcements({ announcer }: { announcer: Readable<string> }) {
  return (
    <div className="visually-hidden" aria-live="polite">
      {useStore(announcer)}
    </div>
  );
}

/** Announces what the badge and the banner show. */
function ConnectionNews({ announcer, live }: { announcer: Announcer; live: Live }) {
  const isLost = useSelect(live.state, (state) => state.isLost);
  const wasLost = useRef(false);
  useEffect(() => {
    if (isLost) announcer.say('connection', () => shared().shell.connectionLost);
    else if (wasLost.current) announcer.say('connection', () => shared().shell.connectionBack);
    wasLost.current = isLost;
  }, [announcer, isLost]);
  return null;
}
