import { type MouseEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { type SearchField, searchFields } from '../../../protocol/search.ts';
import { Button } from '../../ui/button.tsx';
import styles from './event-list.module.css';
import { EventRow } from './event-row.tsx';
import type { LogState, LogStore } from './log-store.ts';
import { indexOf, useVisibleRows, type VisibleRowsOptions } from './visible-rows.ts';

interface EventListProps extends VisibleRowsOptions {
  /** What stands in the place of rows while there are none. */
  empty: ReactNode;
  onOpen: (record: CapsRecord) => void;
  onValue: (field: SearchField, value: string, exclude: boolean) => void;
}

/** The rows of the log, newest last. */
export function EventList({ empty, onOpen, onValue, ...options }: EventListProps) {
  const { store, log, selectedSeq, onResume } = options;
  const { rows, mode } = log;
  const { scroller, from, to, rowPx, onScroll } = useVisibleRows(options);
  const wasFollowing = useRef(false);
  const isFollowing = mode.kind === 'following';

  /** A row must not run away from under the mouse between pressing and letting go. */
  function pressed({ pointerType, target }: PointerEvent): void {
    wasFollowing.current = isFollowing;
    if (pointerType !== 'touch' && recordAt(target, rows)) store.freeze('scrolled');
  }

  function clicked({ target, altKey }: MouseEvent): void {
    const record = recordAt(target, rows);
    if (!record || !document.getSelection()?.isCollapsed) return;
    const value = target instanceof Element && target.closest<HTMLElement>('[data-field]');
    const field = value && searchFields.find((name) => name === value.dataset['field']);
    if (!field) {
      onOpen(record);
      return;
    }
    onValue(field, value.dataset['value'] ?? '', altKey);
    if (wasFollowing.current) onResume();
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the buttons in the rows are what the keyboard reaches
    <div
      ref={scroller}
      className={styles['list']}
      role="log"
      aria-label="Events"
      aria-live="off"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      data-mode={mode.kind}
      onScroll={onScroll}
      onPointerDown={pressed}
      onClick={clicked}
    >
      <OlderEdge log={log} store={store} />
      {rows.length === 0 && empty}
      <div style={{ blockSize: from * rowPx }} />
      <ol>
        {rows.slice(from, to).map((record) => (
          <EventRow
            key={record.seq}
            record={record}
            isSelected={record.seq === selectedSeq}
            isNew={isFollowing && record.seq > log.newAfter}
          />
        ))}
      </ol>
      <div style={{ blockSize: (rows.length - to) * rowPx }} />
      <NewerEdge log={log} store={store} />
    </div>
  );
}

function recordAt(target: EventTarget, rows: readonly CapsRecord[]): CapsRecord | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-seq]') : null;
  const seq = Number(row?.dataset['seq']);
  const record = rows[indexOf(rows, seq)];
  return record?.seq === seq ? record : undefined;
}

interface EdgeProps {
  log: LogState;
  store: LogStore;
}

/** Always there and as high as a row, so that nothing moves when it has something else to say. */
function OlderEdge({ log: { older, rows, search, trouble }, store }: EdgeProps) {
  const isEmpty = rows.length === 0;
  return (
    <div className={styles['edge']}>
      {older === 'failed' && (
        <Button look="quiet" size="small" title={trouble} onClick={() => store.need('older')}>
          Older events could not be loaded. Try again
        </Button>
      )}
      {older === 'none' && !isEmpty && (search === '' ? 'The log begins here' : 'Nothing older matches')}
      {(older === 'more' || older === 'loading') && !isEmpty && 'Loading older events…'}
    </div>
  );
}

function NewerEdge({ log: { newer, trouble }, store }: EdgeProps) {
  if (newer === 'none') return null;
  return (
    <div className={styles['edge']}>
      {newer === 'failed' ? (
        <Button look="quiet" size="small" title={trouble} onClick={() => store.need('newer')}>
          Newer events could not be loaded. Try again
        </Button>
      ) : (
        'Loading newer events…'
      )}
    </div>
  );
}
