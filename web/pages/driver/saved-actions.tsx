import { eventWord } from '../../app/life-words.ts';
import { TimeOfDay } from '../../ui/age.tsx';
import { Button } from '../../ui/button.tsx';
import { firstTap } from '../../ui/first-tap.ts';
import { driver } from '../../words/driver.ts';
import { OrderLabel } from './order-label.tsx';
import styles from './saved-actions.module.css';
import { type HeldRow, savedWords } from './session-state.ts';

interface SavedActionsProps {
  orderID: string;
  pending: HeldRow['pending'];
  isKeeping: boolean;
  /** The toast already has an Undo. */
  hasUndo: boolean;
  onUndo: (id: string) => void;
}

/** Actions made offline, with their times. */
export function SavedActions({ orderID, pending, isKeeping, hasUndo, onUndo }: SavedActionsProps) {
  // Notes are in the thread.
  const steps = pending.filter(({ event, after }) => event !== 'note' && after === undefined);
  const { together, kind } = driver().proof;
  if (steps.length === 0) return null;
  return (
    <ul className={styles['list']} aria-label={driver().saved.list}>
      {steps.map((step) => {
        const { id, event, at, text, isUnsent } = step;
        const proofs = pending.flatMap(({ after, proof }) =>
          proof && after === id ? [kind[proof.kind]] : [],
        );
        return (
          <li key={id}>
            <span className={styles['what']}>
              <span>{eventWord(driver().event, event)}</span> {text !== undefined && <bdi>{text} </bdi>}
              {proofs.length > 0 && <span>{together(proofs)} </span>}
              <TimeOfDay at={new Date(at).toISOString()} />
            </span>
            <span className={styles['saved']}>{savedWords(step, isKeeping)}</span>
            {isUnsent && !hasUndo && id === steps.at(-1)?.id && (
              <Button look="quiet" onClick={firstTap(() => onUndo(id))}>
                {driver().undo}
                <OrderLabel id={orderID} />
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
