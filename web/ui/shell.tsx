import { type ReactNode, useEffect, useRef } from 'react';
import type { Announcer } from '../announcer.ts';
import type { Readable } from '../frame-store.ts';
import { useSelect, useStore } from '../hooks.ts';
import type { Live } from '../live.ts';
import { ConnectionBadge } from './connection-badge.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import styles from './shell.module.css';
import { ThemeSwitch } from './theme-switch.tsx';

const doors = [
  { path: '/vendor', name: 'Vendor' },
  { path: '/driver', name: 'Driver' },
  { path: '/log', name: 'Log' },
] as const;

interface ShellProps {
  /** The page's name: its first heading, its place in the navigation and the window's title. */
  page: string;
  /** The window's title, where it says more than the page's name. */
  title?: string | undefined;
  live?: Live | undefined;
  announcer?: Announcer | undefined;
  /** The page's own controls in the header. */
  tools?: ReactNode;
  children: ReactNode;
}

/** What every page stands in: header, navigation, the one connection badge, banner and announcements. */
export function Shell({ page, title = page, live, announcer, tools, children }: ShellProps) {
  useEffect(() => {
    document.title = title === 'CAPS' ? title : `${title} · CAPS`;
  }, [title]);
  return (
    <div className={styles['shell']}>
      <a className={styles['skip']} href="#main">
        Skip to the page
      </a>
      <header className={styles['header']}>
        <a className={styles['brand']} href="/" aria-label="CAPS, start page">
          CAPS
        </a>
        <nav className={styles['nav']} aria-label="Pages">
          {doors.map(({ path, name }) => (
            <a key={path} href={path} aria-current={name === page ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <div className={styles['tools']}>{tools}</div>
        {live && <ConnectionBadge live={live} />}
        <ThemeSwitch />
      </header>
      <main id="main" className={styles['main']} tabIndex={-1}>
        <h1 className="visually-hidden">{page}</h1>
        {live && <ConnectionBanner live={live} />}
        {children}
      </main>
      {announcer && <Announcements announcer={announcer} />}
      {announcer && live && <ConnectionNews announcer={announcer} live={live} />}
    </div>
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
