import type { Status } from '../../../protocol/events.ts';
import { statusWord } from '../../app/life-words.ts';
import { oneLine } from '../../app/lines.ts';
import { ShortDue } from '../../ui/due.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { StatusShape } from '../../ui/status-mark.tsx';
import { driver } from '../../words/driver.ts';
import { Distance } from './distance.tsx';
import type { DriverSession } from './driver-session.ts';
import { hasSteps } from './next-steps.tsx';
import { OrderLabel } from './order-label.tsx';
import { type HeldRow, isGone, isQuiet } from './session-state.ts';
import styles from './stop-row.module.css';
import { ToastButton } from './toast-button.tsx';

interface StopRowProps {
  session: DriverSession;
  item: HeldRow;
}

/** A stop that is not open: who, where, when and what it needs, as a button that opens it. Behind it stands an Undo. */
export function StopRow({ session, item }: StopRowProps) {
  const { status, toast } = item;
  const isOver = !hasSteps(status) || isGone(item);
  // The Undo of a parcel that has further steps is on its card.
  const isShown = toast !== undefined && (isOver || !isQuiet(toast));
  return (
    <div className={styles['row']}>
      {isOver ? (
        <div className={styles['stop']}>
          <StopFacts item={item} />
        </div>
      ) : (
        <button
          type="button"
          className={styles['stop']}
          aria-expanded={false}
          onClick={firstTap(() => session.actions.open(item))}
        >
          <StopFacts item={item} />
        </button>
      )}
      {isShown && <ToastButton session={session} item={item} toast={toast} />}
    </div>
  );
}

function StopFacts({ item }: { item: HeldRow }) {
  const { known, status, toast, unseen } = item;
  const { payload } = known.view;
  const isShown = toast !== undefined && (!hasSteps(status) || !isQuiet(toast));
  return (
    <>
      <StatusShape status={status} />
      <span className={styles['who']}>
        <bdi>{oneLine(payload.customer)}</bdi>
      </span>
      <span className={styles['when']}>
        <ShortDue view={{ ...known.view, status }} />
      </span>
      <span className={styles['where']}>{isShown ? toast.text : <bdi>{oneLine(payload.address)}</bdi>}</span>
      {unseen ? (
        <span className={styles['changed']}>{driver().changed.title}</span>
      ) : (
        !isShown && (
          <span className={styles['need']}>
            <Distance order={payload} /> {needWord(status)}
          </span>
        )
      )}
      <OrderLabel id={payload.orderID} />
    </>
  );
}

/** What a stop needs. */
function needWord(status: Status): string {
  const { need } = driver().stops;
  return status === 'claimed' || status === 'in-transit' ? need[status] : statusWord(status);
}
