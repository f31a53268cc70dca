import type { ParcelView } from '../../protocol/messages.ts';
import { dueOf, isLate, isToCome } from '../app/due.ts';
import { useNow } from '../app/hooks.ts';
import { span } from '../app/numbers.ts';
import { Moment } from './age.tsx';
import styles from './due.module.css';

/** By when, and from then on a badge: late is no status of its own. */
export function Due({ view, at }: { view: ParcelView; at: string }) {
  const now = useNow();
  return (
    <span className={styles['due']}>
      {isLate(view, now) && <span className={styles['late']}>Late by {span(now - dueOf(view))}</span>}
      <span>
        {isToCome(view.status) ? 'Due' : 'Was due'} <Moment at={at} />
      </span>
    </span>
  );
}
