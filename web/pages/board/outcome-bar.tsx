import { Button } from '../../ui/button.tsx';
import { boardWords } from '../../words/board.ts';
import type { AssignmentOutcome, LostParcel } from './assignments.ts';
import type { BoardStore } from './board-store.ts';
import styles from './outcome-bar.module.css';
import { parcelLabel } from './parcel-label.ts';

interface OutcomeBarProps {
  store: BoardStore;
  outcome: AssignmentOutcome | undefined;
}

/** What became of the latest assignment, with Undo. It stands below the columns, and covers nothing. */
export function OutcomeBar({ store, outcome }: OutcomeBarProps) {
  const words = boardWords().outcome;
  const isOpen = outcome !== undefined;
  return (
    <div className={styles['bar']} role="status" data-open={isOpen || undefined}>
      {outcome && <span className={styles['said']}>{saidOf(outcome)}</span>}
      {outcome?.state === 'undoable' && outcome.pending === 0 && outcome.assigned.length > 0 && (
        <Button size="small" aria-keyshortcuts="u" onClick={() => void store.undo()}>
          {words.undo}
        </Button>
      )}
      {outcome?.lost.map((lost) => (
        <span key={lost.row.key} className={styles['lost']}>
          {lostText(lost)}
        </span>
      ))}
      {outcome && outcome.lost.length > 0 && (
        <Button look="quiet" size="small" onClick={() => store.dismissOutcome()}>
          {words.dismiss}
        </Button>
      )}
    </div>
  );
}

function saidOf({ state, pending, assigned, driver }: AssignmentOutcome): string {
  const words = boardWords().outcome;
  const name = driver && (driver.name ?? driver.id);
  if (pending > 0) return name === undefined ? words.taking(pending) : words.sending(pending, name);
  if (assigned.length === 0) return '';
  if (state === 'undone') return words.undone;
  return name === undefined ? words.taken(assigned.length) : words.assigned(assigned.length, name);
}

function lostText({ row, isLeftOut, winner, why }: LostParcel): string {
  const words = boardWords().outcome;
  const parcel = parcelLabel(row.view);
  if (winner === undefined) return words.refused(parcel, why);
  return isLeftOut ? words.takenMeanwhile(parcel, winner) : words.lostTo(parcel, winner);
}
