import { type ReactNode, useEffect, useRef } from 'react';
import { forgetKey, type KeyedRole, keyOf, notValid, openedRoles } from '../app/access-key.ts';
import type { Announcer } from '../app/announcer.ts';
import type { Readable } from '../app/frame-store.ts';
import { useLoaded, useSelect, useStore } from '../app/hooks.ts';
import type { Live } from '../app/live.ts';
import { Button } from './button.tsx';
import { ConnectionBadge } from './connection-badge.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { NewVersion } from './new-version.tsx';
import styles from './shell.module.css';
import { ThemeSwitch } from './theme-switch.tsx';

const doors = [
  { path: '/vendor', name: 'Vendor', role: 'vendor' },
  { path: '/driver', name: 'Driver', role: 'driver' },
  { path: '/log', name: 'Log', role: 'admin' },
] as const;

interface ShellProps {
  /** The page's name: its first heading, its place in the navigation and the window's title. */
  page: string;
  /** The window's title, where it says more than the page's name. */
  title?: string | undefined;
  live?: Live | undefined;
  announcer?: Announcer | undefined;
  /** What the page's header says and offers stays while the page scrolls: on phones its lower line alone. */
  keepsHeader?: boolean;
  /** The page's own controls in the header. */
  tools?: ReactNode;
  children: ReactNode;
}

/** What every page stands in: header, navigation, the one connection badge, banner and announcements. */
export function Shell({
  page,
  title = page,
  live,
  announcer,
  keepsHeader = false,
  tools,
  children,
}: ShellProps) {
  useEffect(() => {
    document.title = title === 'CAPS' ? title : `${title} · CAPS`;
  }, [title]);
  const opened = openedRoles();
  const isDoor = doors.some(({ name }) => name === page);
  const shown = doors.filter(({ name, role }) => name === page || (opened?.includes(role) ?? true));
  return (
    <div className={styles['shell']}>
      <a className={styles['skip']} href="#main">
        Skip to the page
      </a>
      <header className={styles['header']} data-kept={keepsHeader}>
        <a className={styles['brand']} href="/" aria-label="CAPS, start page">
          CAPS
        </a>
        <nav className={styles['nav']} aria-label="Pages">
          {shown.map(({ path, name }) => (
            <a key={path} href={path} aria-current={name === page ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <div className={styles['tools']}>{live ? <Tools live={live}>{tools}</Tools> : tools}</div>
        {isDoor && <ConnectionBadge live={live} />}
        {live && <SignOut role={live.role} />}
        <ThemeSwitch />
      </header>
      <main id="main" className={styles['main']} tabIndex={-1}>
        <h1 className="visually-hidden">{page}</h1>
        {live ? <Admitted live={live}>{children}</Admitted> : children}
      </main>
      {announcer && <Announcements announcer={announcer} />}
      {announcer && live && <ConnectionNews announcer={announcer} live={live} />}
    </div>
  );
}

/** What a page has in the header is of no use to one who is not let in: nobody is on duty behind a form that asks for a key. */
function Tools({ live, children }: { live: Live; children: ReactNode }) {
  const badge = useSelect(live.state, (state) => state.badge);
  const isOut = badge.kind === 'signed-out' || badge.kind === 'refused' || badge.kind === 'turned-away';
  return isOut ? null : children;
}

/** The page, or where the hub wants a key and has not got a valid one, the way in. */
function Admitted({ live, children }: { live: Live; children: ReactNode }) {
  const badge = useSelect(live.state, (state) => state.badge);
  const { role } = live;
  const isRefused = badge.kind === 'refused' && badge.code === 'unauthorized';
  if (role !== 'customer' && (isRefused || badge.kind === 'signed-out')) {
    return <WayIn role={role} problem={isRefused ? notValid : undefined} />;
  }
  if (badge.kind === 'turned-away') {
    return (
      <div className={styles['note']}>
        <TurnedAway why={badge.message} />
      </div>
    );
  }
  return (
    <>
      <ConnectionBanner live={live} />
      <NewVersion live={live} />
      {children}
    </>
  );
}

const loadTurnedAway = () => import('./turned-away-note.tsx');

/** Without its code the words alone. */
function TurnedAway({ why }: { why: string }) {
  const loaded = useLoaded(loadTurnedAway);
  if (loaded === 'missing') return <p role="alert">{why}</p>;
  return loaded ? <loaded.TurnedAwayNote why={why} /> : null;
}

const loadSignIn = () => import('./sign-in.tsx');

/** Its code is loaded where it is needed: an open hub's pages do without. */
export function WayIn(props: { role: KeyedRole; problem: string | undefined }) {
  const loaded = useLoaded(loadSignIn);
  if (loaded === 'missing') return <p role="alert">The sign-in could not be loaded. Load the page again.</p>;
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
      Sign out
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

/** Says what the badge and the banner show. */
function ConnectionNews({ announcer, live }: { announcer: Announcer; live: Live }) {
  const isLost = useSelect(live.state, (state) => state.isLost);
  const wasLost = useRef(false);
  useEffect(() => {
    if (isLost) announcer.say('connection', () => 'The connection to the hub is lost.');
    else if (wasLost.current) announcer.say('connection', () => 'The connection to the hub is back.');
    wasLost.current = isLost;
  }, [announcer, isLost]);
  return null;
}
