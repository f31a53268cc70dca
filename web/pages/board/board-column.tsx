import { type KeyboardEvent, type MouseEvent, type ReactNode, useRef } from 'react';
import { count } from '../../app/numbers.ts';
import type { ChosenParcel } from './assignments.ts';
import styles from './board-column.module.css';
import { BoardRowItem } from './board-row.tsx';
import type { BoardRow } from './board-rows.ts';
import type { BoardStore } from './board-store.ts';
import { nextPlace, useActiveRow, useVisibleRows } from './column-places.ts';
import { dragParcels, useDropTarget } from './dragged-parcels.ts';
import type { Selection } from './selection.ts';

interface ColumnListProps {
  id: string;
  rows: readonly BoardRow[];
  /** Rows show their status: the column does not say it. */
  marksStatus: boolean;
  pending: ReadonlySet<string>;
  store: BoardStore;
  selection: Selection;
}

interface BoardColumnProps extends ColumnListProps {
  title: string;
  /** Beside the title. */
  facts?: ReactNode;
  /** The text where there are no rows. */
  empty: string;
  /** On a phone, which shows one column. */
  isShown: boolean;
  onDrop?: (parcels: readonly ChosenParcel[]) => void;
}

/** One column: a list box of which only the visible rows are drawn. All rows have one height, so places are arithmetic. */
export function BoardColumn({ title, facts, empty, isShown, onDrop, ...list }: BoardColumnProps) {
  const { props: drop, isOver } = useDropTarget(onDrop);
  const { id, rows } = list;
  return (
    <section className={styles['column']} data-shown={isShown} data-over={isOver || undefined} {...drop}>
      <h2 id={titleId(id)} className={styles['title']}>
        <bdi>{title}</bdi>{' '}
        <span className={styles['count']} data-num>
          {count(rows.length)}
        </span>
        {facts}
      </h2>
      {rows.length === 0 && <p className={styles['empty']}>{empty}</p>}
      <ColumnList {...list} />
    </section>
  );
}

function titleId(column: string): string {
  return `column-${column}`;
}

function ColumnList({ id, rows, marksStatus, pending, store, selection }: ColumnListProps) {
  const box = useRef<HTMLDivElement>(null);
  const { first, last, rowPx, onScroll } = useVisibleRows(box);
  const { active, setActive } = useActiveRow(rows, box, rowPx);
  const activeKey = rows[active]?.key;
  const isDrawn = active >= first && active < last;
  const onKeyDown = (event: KeyboardEvent) => takeKey(event, { rows, active, setActive, store, selection });
  const onClick = (event: MouseEvent) => takeClick(event, { rows, active, setActive, store, selection });
  return (
    <div
      ref={box}
      role="listbox"
      aria-multiselectable="true"
      aria-labelledby={titleId(id)}
      aria-activedescendant={isDrawn ? rowId(id, active) : undefined}
      tabIndex={0}
      className={styles['rows']}
      data-column={id}
      data-active={activeKey}
      hidden={rows.length === 0}
      onScroll={onScroll}
      onFocus={() => active < 0 && setActive(0)}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onDragStart={(event) => {
        const row = rows[placeOf(event.target) ?? -1];
        if (row) dragParcels(event, store.choose(selection.keys.has(row.key) ? selection.keys : [row.key]));
      }}
    >
      <div className={styles['space']} style={{ blockSize: rows.length * rowPx }}>
        {rows.slice(first, last).map((row, i) => (
          <BoardRowItem
            key={row.key}
            id={rowId(id, first + i)}
            row={row}
            place={first + i}
            total={rows.length}
            top={(first + i) * rowPx}
            isActive={first + i === active}
            isMarked={selection.keys.has(row.key)}
            isPending={pending.has(row.key)}
            marksStatus={marksStatus}
          />
        ))}
      </div>
    </div>
  );
}

interface ListState extends Pick<ColumnListProps, 'rows' | 'store' | 'selection'> {
  active: number;
  setActive: (place: number) => void;
}

function takeKey(event: KeyboardEvent, { rows, active, setActive, store, selection }: ListState): void {
  const next = nextPlace(event, active, rows.length);
  const row = rows[active];
  if (next !== undefined) {
    event.preventDefault();
    if (event.shiftKey && row) selection.add([row.key, rows[next]?.key ?? row.key]);
    setActive(next);
  } else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    selection.add(rows.map(({ key }) => key));
  } else if (event.key === 'Enter' && row) store.parcel.show(row.view.payload);
}

/** With Shift marks all rows up to here, with Ctrl or while marking this one; else opens the parcel. */
function takeClick(event: MouseEvent, { rows, active, setActive, store, selection }: ListState): void {
  const place = placeOf(event.target);
  const row = place === undefined ? undefined : rows[place];
  if (place === undefined || !row) return;
  if (event.shiftKey && active >= 0) {
    const [from, to] = active < place ? [active, place] : [place, active];
    selection.add(rows.slice(from, to + 1).map(({ key }) => key));
  } else if (selection.isMarking || event.ctrlKey || event.metaKey) selection.toggle(row.key);
  else store.parcel.show(row.view.payload);
  setActive(place);
}

function rowId(column: string, place: number): string {
  return `row-${column}-${place}`;
}

function placeOf(target: EventTarget): number | undefined {
  const place = target instanceof Element ? target.closest('[data-place]')?.getAttribute('data-place') : null;
  return place === null || place === undefined ? undefined : Number(place);
}
