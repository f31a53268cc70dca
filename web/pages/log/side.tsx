import { memo } from 'react';
import type { Connection } from '../../../protocol/messages.ts';
import { useSelect, useStore } from '../../app/hooks.ts';
import { count } from '../../app/numbers.ts';
import { Age } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import type { LogStore } from './log-store.ts';
import type { NoticeEntry } from './people.ts';
import styles from './side.module.css';
import { momentText, secondText } from './words.ts';

const shownMax = 100;

const roleWords: Readonly<Record<Connection['role'], string>> = {
  admin: 'Dispatch',
  vendor: 'Store',
  driver: 'Driver',
  customer: 'Customer',
  plain: 'Plain client',
};

interface SideProps {
  store: LogStore;
}

/** Who is connected: role, name, door, since when, last seen, and what is unusual. */
export function Connections({ store }: SideProps) {
  const { people, aheadMs } = useStore(store.crowd.here);
  const isUp = useSelect(store.live.state, (state) => state.isUp);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles['panel']} aria-labelledby="connected" tabIndex={0}>
      <h2 id="connected">
        Connected <span className={styles['count']}>{count(people.length)}</span>
      </h2>
      {!isUp && <p className={styles['quiet']}>As of when the connection was lost.</p>}
      <ul className={styles['list']}>
        {people.slice(0, shownMax).map((one) => (
          <Person key={one.id} one={one} aheadMs={aheadMs} />
        ))}
      </ul>
      {people.length > shownMax && (
        <p className={styles['quiet']}>and {count(people.length - shownMax)} more</p>
      )}
    </section>
  );
}

const dutyWords = { on: 'on duty', off: 'off duty' } as const;

interface PersonProps {
  one: Connection;
  aheadMs: number;
}

const Person = memo(function Person({ one, aheadMs }: PersonProps) {
  const { role, who, name, door, since, lastSeen, duty, lagging } = one;
  // Its age is counted by this device's clock.
  const seen = new Date(Date.parse(lastSeen) - aheadMs).toISOString();
  return (
    <li className={styles['person']} data-off={duty === 'off' || undefined}>
      <span className={styles['who']} title={who}>
        {role === 'admin' ? (name ?? roleWords.admin) : (name ?? who)}
      </span>
      <span className={styles['role']}>
        {role === 'admin' && name === undefined ? '' : roleWords[role]}
        {duty && ` · ${dutyWords[duty]}`}
      </span>
      {lagging && <span className={styles['lagging']}>lagging</span>}
      <span className={styles['facts']}>
        {door} · since <time dateTime={since}>{secondText(since)}</time> · seen <Age since={seen} />
      </span>
    </li>
  );
});

/** Refused input, connection faults and news of the hub: apart from the log, because nothing of it is in the log. */
export function Notices({ store }: SideProps) {
  const entries = useStore(store.crowd.notices);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles['panel']} aria-labelledby="notices" tabIndex={0}>
      <div className={styles['head']}>
        <h2 id="notices">
          Notices <span className={styles['count']}>{count(entries.length)}</span>
        </h2>
        {entries.length > 0 && (
          <Button look="quiet" size="small" onClick={() => store.crowd.clearNotices()}>
            Clear<span className="visually-hidden"> the notices</span>
          </Button>
        )}
      </div>
      {entries.length === 0 ? (
        <p className={styles['quiet']}>No refused input, no faults.</p>
      ) : (
        <ul className={styles['list']}>
          {entries.map((entry) => (
            <NoticeItem key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
    </section>
  );
}

const kindWords: Readonly<Record<NoticeEntry['kind'], string>> = {
  refused: 'Refused',
  fault: 'Fault',
  hub: 'Hub',
  relayed: 'Passed on',
};

function NoticeItem({
  entry: { time, kind, code, message, door, who, count: times },
}: {
  entry: NoticeEntry;
}) {
  return (
    <li className={styles['notice']} data-kind={kind}>
      <span className={styles['kind']}>{kindWords[kind]}</span>
      <span className={styles['message']}>
        {message}
        {times > 1 && <strong> × {count(times)}</strong>}
      </span>
      <span className={styles['facts']}>
        <time dateTime={time}>{momentText(time)}</time>
        {[who, code, door].filter((fact) => fact !== undefined).map((fact) => ` · ${fact}`)}
      </span>
    </li>
  );
}
