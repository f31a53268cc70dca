import { dueOf, isLate, isToCome } from '../../protocol/lateness.ts';
import type { ParcelView } from '../../protocol/messages.ts';
import { wasDue } from '../app/due.ts';
import { useNow } from '../app/hooks.ts';
import { span } from '../app/numbers.ts';
import { shared } from '../words/shared.ts';
import { Moment } from './age.tsx';
import styles from './due.module.css';
import { PhraseText } from './phrase-text.tsx';

/** Just the time; a badge once the parcel is late. */
export function ShortDue({ view }: { view: ParcelView }) {
  const now = useNow();
  const { dueAt } = view.payload;
  if (dueAt === undefined || !isToCome(view.status)) return null;
  if (isLate(view, now)) return <Late view={view} now={now} />;
  return (
    <span className={styles['due']}>
      <Moment at={dueAt} />
    </span>
  );
}

function Late({ view, now }: { view: ParcelView; now: number }) {
  return (
    <span className={styles['late']}>{shared().due.late(span(Math.max(1_000, now - dueOf(view))))}</span>
  );
}

/** The due time, and a badge once the parcel is late: late is no status. */
export function Due({ view, at }: { view: ParcelView; at: string }) {
  const now = useNow();
  const words = shared().due;
  const moment = <Moment at={at} />;
  return (
    <span className={styles['due']}>
      {isLate(view, now) && <Late view={view} now={now} />}
      <span>
        <PhraseText phrase={wasDue(view, now) ? words.past(moment) : words.toCome(moment)} />
      </span>
    </span>
  );
}
