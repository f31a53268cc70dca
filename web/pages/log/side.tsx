import { Fragment, memo, type ReactNode } from 'react';
import type { DeviceReport } from '../../../protocol/devices.ts';
import type { Connection } from '../../../protocol/messages.ts';
import { useSelect, useStore } from '../../app/hooks.ts';
import { errorText } from '../../app/hub-answer.ts';
import { wordIn } from '../../app/life-words.ts';
import { count } from '../../app/numbers.ts';
import type { ValueFilter } from '../../dispatch/parcel-details.tsx';
import type { NoticeEntry } from '../../dispatch/people.ts';
import { momentText, secondText } from '../../dispatch/record-text.ts';
import { Age } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { logWords } from '../../words/log.ts';
import type { LogStore } from './log-store.ts';
import styles from './side.module.css';

const shownMax = 100;

interface SideProps {
  store: LogStore;
}

/** The connected clients. */
export function Connections({ store, onValue }: SideProps & { onValue: ValueFilter }) {
  const words = logWords().side;
  const { people, aheadMs } = useStore(store.roster.connected);
  const isUp = useSelect(store.live.state, (state) => state.isUp);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles['panel']} aria-labelledby="connected" tabIndex={0}>
      <h2 id="connected">
        {words.connected} <span className={styles['count']}>{count(people.length)}</span>
      </h2>
      {!isUp && <p className={styles['quiet']}>{words.asOfLoss}</p>}
      <ul>
        {people.slice(0, shownMax).map((one) => (
          <Person key={one.id} one={one} aheadMs={aheadMs} onValue={onValue} />
        ))}
      </ul>
      {people.length > shownMax && <p className={styles['quiet']}>{words.more(people.length - shownMax)}</p>}
    </section>
  );
}

interface PersonProps {
  one: Connection;
  aheadMs: number;
  onValue: ValueFilter;
}

const Person = memo(function Person({ one, aheadMs, onValue }: PersonProps) {
  const { role, who, name, door, since, lastSeen, duty, lagging, device } = one;
  const { side: words, roles } = logWords();
  // `Age` counts by this device's clock.
  const seen = new Date(Date.parse(lastSeen) - aheadMs).toISOString();
  return (
    <li
      className={styles['person']}
      data-off={duty === 'off' || undefined}
      data-device={device !== undefined || undefined}
    >
      <span className={styles['who']} title={who}>
        <Name field={fieldOf(role)} who={who} onValue={onValue}>
          {name ?? (role === 'admin' ? roles.admin : who)}
        </Name>
      </span>
      {device ? (
        <DeviceFacts device={device} />
      ) : (
        <span className={styles['role']}>
          {role === 'admin' && name === undefined ? '' : wordIn(roles, role)}
          {duty && ` · ${words.duty[duty]}`}
        </span>
      )}
      {lagging && <span className={styles['lagging']}>{words.lagging}</span>}
      <span className={styles['facts']}>
        <PhraseText
          phrase={words.facts<ReactNode>(
            <bdi>{door}</bdi>,
            <time dateTime={since}>{secondText(since)}</time>,
            <Age since={seen} />,
          )}
        />
      </span>
    </li>
  );
});

/** A driver and a shop have events of their own, to which a press narrows the log. */
function fieldOf(role: Connection['role']): 'driver' | 'store' | undefined {
  if (role === 'vendor') return 'store';
  return role === 'driver' ? role : undefined;
}

interface NameProps {
  field: 'driver' | 'store' | undefined;
  who: string;
  onValue: ValueFilter;
  children: string;
}

function Name({ field, who, onValue, children }: NameProps) {
  if (!field) return <bdi>{children}</bdi>;
  return (
    <button type="button" title={logWords().parcel.only} onClick={() => onValue(field, who)}>
      <bdi>{children}</bdi>
    </button>
  );
}

/** What a vehicle last reported. */
function DeviceFacts({ device: { status, battery, position } }: { device: DeviceReport }) {
  const words = logWords().side;
  // Five decimals: to the metre.
  const place = [position?.lat, position?.lon].map((degrees) => degrees?.toFixed(5)).join(', ');
  return (
    <span className={styles['facts']}>
      {words.device}
      {position && ' · '}
      {position && (
        <PhraseText
          phrase={words.deviceFacts<ReactNode>(
            wordIn(words.deviceIs, status ?? ''),
            count(battery ?? 0),
            <bdi dir="ltr">{place}</bdi>,
          )}
        />
      )}
    </span>
  );
}

/** Notices: refused input, connection faults and news of the hub. They are not in the log. */
export function Notices({ store }: SideProps) {
  const words = logWords().side;
  const entries = useStore(store.roster.notices);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles['panel']} aria-labelledby="notices" tabIndex={0}>
      <div className={styles['head']}>
        <h2 id="notices">
          {words.notices} <span className={styles['count']}>{count(entries.length)}</span>
        </h2>
        {entries.length > 0 && (
          <Button
            look="quiet"
            size="small"
            aria-label={words.clearNotices}
            onClick={() => store.roster.clearNotices()}
          >
            {words.clear}
          </Button>
        )}
      </div>
      {entries.length === 0 ? (
        <p className={styles['quiet']}>{words.noNotices}</p>
      ) : (
        <ul>
          {entries.map((entry) => (
            <NoticeItem key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
    </section>
  );
}

function NoticeItem({
  entry: { time, kind, code, message, door, who, count: times },
}: {
  entry: NoticeEntry;
}) {
  return (
    <li className={styles['notice']} data-kind={kind}>
      <span className={styles['kind']}>{wordIn(logWords().side.kinds, kind)}</span>
      <span className={styles['message']}>
        <bdi>{errorText({ code, message })}</bdi>
        {times > 1 && <strong> × {count(times)}</strong>}
      </span>
      <span className={styles['facts']}>
        <time dateTime={time}>{momentText(time)}</time>
        {[who, code, door]
          .filter((fact) => fact !== undefined)
          .map((fact, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list
            <Fragment key={at}>
              {' · '}
              <bdi>{fact}</bdi>
            </Fragment>
          ))}
      </span>
    </li>
  );
}
