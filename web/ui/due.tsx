import type { ParcelView } from '../../protocol/messages.ts';
import { dueOf, isLate, isToCome } from '../app/due.ts';
import { useNow } from '../app/hooks.ts';
import { span } from '../app/numbers.ts';
import { shared } from '../words/shared.ts';
import { Moment } from './age.tsx';
import styles from './due.module.css';
import { PhraseText } from './phrase-text.tsx';

/** The due time, and a badge once the parcel is late: late is no status. */
export function Due({ view, at }: { view: ParcelView; at: string }) {
  const now = useNow();
  const words = shared().due;
  const moment = <Moment at={at} />;
  return (
    <span className={styles['due']}>
      {isLate(view, now) && (
        <span className={styles['late']}>{words.late(span(Math.max(1_000, now - dueOf(view))))}</span>
      )}
      <span>
        <PhraseText phrase={isToCome(view.status) ? words.toCome(moment) : words.past(moment)} />
      </span>
    </span>
  );
}
