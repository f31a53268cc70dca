import { isToCome } from '../../../protocol/lateness.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import { useTime } from '../../app/hooks.ts';
import { Moment } from '../../ui/age.tsx';
import { Due } from '../../ui/due.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { shop as words } from '../../words/shop.ts';
import styles from './delivery-window.module.css';

interface DeliveryWindowProps {
  view: ParcelView;
  /** Also says from when it was, afterwards. */
  isWhole?: boolean;
}

/** When an order may be delivered: from when, as long as that is to come, and until when. */
export function DeliveryWindow({ view, isWhole = false }: DeliveryWindowProps) {
  const { notBefore, dueAt } = view.payload;
  const opensAt = notBefore === undefined || !isToCome(view.status) ? Number.NaN : Date.parse(notBefore);
  const isEarly = useTime((now) => now < opensAt);
  const from = isWhole || isEarly ? notBefore : undefined;
  if (from === undefined && dueAt === undefined) return null;
  return (
    <span className={styles['window']}>
      {from !== undefined && (
        <span className={styles['from']}>
          <PhraseText phrase={words().row.from(<Moment at={from} />)} />
        </span>
      )}
      {dueAt !== undefined && <Due view={view} at={dueAt} />}
    </span>
  );
}
