import { memo } from 'react';
import { isLate } from '../../../protocol/lateness.ts';
import { useTime } from '../../app/hooks.ts';
import { statusWord } from '../../app/life-words.ts';
import { oneLine } from '../../app/lines.ts';
import { span } from '../../app/numbers.ts';
import { Moment } from '../../ui/age.tsx';
import { StatusShape } from '../../ui/status-mark.tsx';
import { boardWords } from '../../words/board.ts';
import { shared } from '../../words/shared.ts';
import styles from './board-row.module.css';
import type { BoardRow } from './board-rows.ts';
import { concernOf } from './columns.ts';

interface BoardRowItemProps {
  id: string;
  row: BoardRow;
  place: number;
  total: number;
  /** Pixels from the top of the column. */
  top: number;
  isActive: boolean;
  isMarked: boolean;
  isPending: boolean;
  marksStatus: boolean;
}

/** A parcel in three lines: whose it is and what; where; when, who has it and from whom. The column handles clicks. */
export const BoardRowItem = memo(function BoardRowItem(props: BoardRowItemProps) {
  const { id, row, place, total, top, isActive, isMarked, isPending, marksStatus } = props;
  const { view } = row;
  const { store, orderID, customer, address } = view.payload;
  const holder = view.holder && oneLine(view.holder.name ?? view.holder.id);
  const late = useTime((now) => isLate(view, now));
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list box has the focus, and names its active row
    <div
      id={id}
      role="option"
      aria-selected={isMarked}
      aria-setsize={total}
      aria-posinset={place + 1}
      className={styles['row']}
      style={{ insetBlockStart: top }}
      draggable
      data-place={place}
      data-order={orderID}
      data-active={isActive || undefined}
      data-late={late || undefined}
      data-pending={isPending || undefined}
    >
      <span className={styles['line']}>
        {marksStatus && (
          <span className={styles['status']}>
            <StatusShape status={view.status} />
            <span className="visually-hidden">{statusWord(view.status)} </span>
          </span>
        )}
        <bdi className={styles['who']}>{oneLine(customer)}</bdi>
        <bdi className={styles['order']}>{oneLine(orderID)}</bdi>
      </span>
      <span className={styles['line']}>
        <bdi className={styles['where']}>{oneLine(address)}</bdi>
      </span>
      <span className={styles['line']}>
        <span className={styles['when']}>
          <When row={row} />
        </span>
        {holder !== undefined && <bdi className={styles['driver']}>{holder}</bdi>}
        <bdi className={styles['store']}>{oneLine(store)}</bdi>
      </span>
    </div>
  );
});

/** Why the parcel is of concern, else when it is due, else how long it has been as it is. */
function When({ row: { view, due, since } }: { row: BoardRow }) {
  const text = useTime((now) => whenText(view, due, since, now));
  return text === '' && view.payload.dueAt !== undefined ? (
    <Moment at={view.payload.dueAt} />
  ) : (
    <time>{text}</time>
  );
}

function whenText(view: BoardRow['view'], due: number, since: number, now: number): string {
  const words = boardWords().concern;
  const concern = concernOf(view, now);
  switch (concern) {
    case 'urgent':
    case 'pin':
    case 'failed':
      return words[concern];
    case 'late':
      return shared().due.late(span(Math.max(1_000, now - due)));
    case 'unclaimed':
      return words.unclaimed(span(now - since));
    case 'unseen':
      return words.unseen(span(now - Date.parse(view.unseen?.time ?? '')));
    case undefined:
      return Number.isFinite(due) ? '' : span(now - since);
  }
}
