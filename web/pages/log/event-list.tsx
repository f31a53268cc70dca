import { type MouseEvent, memo, type PointerEvent, useRef } from 'react';
import type { CapsRecord } from '../../../protocol/messages.ts';
import {
  areOfParcels,
  matches,
  parseSearch,
  type SearchField,
  searchFields,
} from '../../../protocol/search.ts';
import { useStore } from '../../app/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { PhraseText } from '../../ui/phrase-text.tsx';
import { useWordWidth } from '../../ui/word-width.ts';
import { logWords } from '../../words/log.ts';
import { shared } from '../../words/shared.ts';
import styles from './event-list.module.css';
import { EventRow } from './event-row.tsx';
import type { LogState } from './log-state.ts';
import type { LogStore } from './log-store.ts';
import { useVisibleRows } from './visible-rows.ts';
import { countsText } from './window-text.ts';

interface EventListProps {
  store: LogStore;
  /** @param field undefined: the value as words */
  onValue: (field: SearchField | undefined, value: string, exclude: boolean) => void;
}

/** The rows of the log, newest last. */
export const EventList = memo(function EventList({ store, onValue }: EventListProps) {
  const log = useStore(store.log);
  const { rows, mode } = log;
  const { scroller, from, to, topPx, heightPx, onScroll } = useVisibleRows(store, log);
  const wasFollowing = useRef(false);
  useWordWidth(scroller, Object.values(logWords().life.event));

  /** Freezes the list, so that no row moves between mouse down and mouse up. */
  function pressed({ pointerType, target }: PointerEvent): void {
    wasFollowing.current = mode.kind === 'following';
    if (pointerType !== 'touch' && seqOf(target) !== undefined) store.freeze('scrolled');
  }

  /** Opens the parcel of the row; with Alt, filters by the clicked value. */
  function clicked({ target, altKey, shiftKey }: MouseEvent): void {
    const seq = seqOf(target);
    const record = seq === undefined ? undefined : rows.at(rows.indexOf(seq));
    if (!record || !(target instanceof Element) || !document.getSelection()?.isCollapsed) return;
    const value = altKey ? target.closest<HTMLElement>('[data-value]')?.dataset : undefined;
    if (!value) {
      store.openParcel(record);
      return;
    }
    onValue(
      searchFields.find((name) => name === value['field']),
      value['value'] ?? '',
      shiftKey,
    );
    if (wasFollowing.current) store.resume();
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the buttons in the rows are what the keyboard reaches
    <div
      ref={scroller}
      className={styles['list']}
      role="log"
      aria-label={logWords().list.label}
      aria-live="off"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      data-mode={mode.kind}
      onScroll={onScroll}
      onPointerDown={pressed}
      onClick={clicked}
    >
      <div className={styles['space']} style={{ blockSize: heightPx }}>
        <OlderEdge log={log} store={store} />
        <EventRows log={log} from={from} to={to} topPx={topPx} />
        <NewerEdge log={log} store={store} />
      </div>
      {rows.count === 0 && <NoRows log={log} onClear={() => store.clearFilters()} />}
    </div>
  );
});

interface EventRowsProps {
  log: LogState;
  from: number;
  to: number;
  topPx: number | undefined;
}

function EventRows({ log, from, to, topPx }: EventRowsProps) {
  const { rows, mode, selected, search, searchMode, newAfter, isStream } = log;
  const words = logWords();
  // During a stream, elements are reused: the last element always shows the last row, so none is created or moved.
  const keysFrom = useRef(0);
  const lastKey = useRef(0);
  const lastSeq = rows.seqAt(to - 1) ?? 0;
  if (rows.kind === 'results') keysFrom.current = 0;
  else if (isStream && mode.kind === 'following') keysFrom.current = lastSeq - lastKey.current;
  lastKey.current = lastSeq - keysFrom.current;
  const terms = searchMode === 'highlight' ? parseSearch(search) : [];
  const isHit = (record: CapsRecord) => terms.length > 0 && matches(record, terms);
  const shown = Array.from({ length: to - from }, (_, i) => from + i);
  return (
    <ol
      className={styles['rows']}
      // An attribute, because React leaves an empty `style` behind, which a selector cannot tell.
      data-at={topPx === undefined ? 'end' : 'place'}
      style={topPx === undefined ? undefined : { insetBlockStart: topPx }}
    >
      {shown.map((index) => {
        const seq = rows.seqAt(index) ?? 0;
        const record = rows.at(index);
        const key = seq - keysFrom.current;
        return record ? (
          <EventRow
            key={key}
            record={record}
            words={words}
            isSelected={seq === selected?.seq}
            isHit={isHit(record)}
            isNew={mode.kind === 'following' && !isStream && seq > newAfter}
          />
        ) : (
          <li key={key} className={styles['missing']} data-missing={seq}>
            {rows.isDamaged(index) ? words.row.damaged(seq) : words.row.missing(seq)}
          </li>
        );
      })}
    </ol>
  );
}

function seqOf(target: EventTarget): number | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-seq]') : null;
  return row ? Number(row.dataset['seq']) : undefined;
}

interface EdgeProps {
  log: LogState;
  store: LogStore;
}

/** Always as high as a row, so that nothing moves when its text changes. */
function OlderEdge({ log: { older, rows, search, searchMode, range, trouble }, store }: EdgeProps) {
  const words = logWords().list;
  const isAll = search.trim() === '' || searchMode === 'highlight';
  return (
    <div className={styles['edge']} data-lead>
      {older === 'failed' && (
        <Button look="quiet" size="small" title={trouble} onClick={() => store.retry()}>
          {words.olderFailed}
        </Button>
      )}
      {older === 'none' && rows.count > 0 && isAll && (range ? words.rangeBegins : words.logBegins)}
      {older === 'none' && rows.count > 0 && !isAll && words.nothingOlder}
      {(older === 'more' || older === 'loading') && rows.count > 0 && words.loadingOlder}
    </div>
  );
}

function NewerEdge({ log: { newer, trouble }, store }: EdgeProps) {
  const words = logWords().list;
  if (newer === 'none') return null;
  return (
    <div className={styles['edge']} data-newer>
      {newer === 'failed' ? (
        <Button look="quiet" size="small" title={trouble} onClick={() => store.retry()}>
          {words.newerFailed}
        </Button>
      ) : (
        words.loadingNewer
      )}
    </div>
  );
}

/** Replaces the rows while there are none. */
function NoRows({ log, onClear }: { log: LogState; onClear: () => void }) {
  const { isOpen, older, newer, total, search, searchMode, range, fresh } = log;
  const words = logWords();
  if (!isOpen || older === 'failed') return null;
  if (older !== 'none' || newer !== 'none') {
    return <Empty title={search === '' ? words.list.loading : words.list.searching} />;
  }
  if (total === 0) {
    return (
      <Empty title={words.list.nothingYet}>
        <p>
          <PhraseText
            phrase={words.list.nothingYetHint(
              <a href="/vendor">{words.list.aStore}</a>,
              <a href="/driver">{words.list.aDriver}</a>,
            )}
          />
        </p>
      </Empty>
    );
  }
  if (search.trim() === '' && !range) return null;
  if (areOfParcels(parseSearch(search))) {
    const board = <a href={`/board?${new URLSearchParams({ q: search })}`}>{shared().pages.board}</a>;
    return (
      <Empty title={words.list.ofParcels}>
        <p>
          <PhraseText phrase={words.list.ofParcelsHint(board)} />
        </p>
        <Button onClick={onClear}>{words.search.clear}</Button>
      </Empty>
    );
  }
  // Highlighting hides no rows.
  const isUnsearched = search.trim() === '' || searchMode === 'highlight';
  return (
    <Empty title={isUnsearched ? words.list.nothingInTime : words.asSentence(countsText(log))}>
      {fresh > 0 && <p>{words.list.fresh(fresh)}</p>}
      <Button onClick={onClear}>{words.search.clear}</Button>
    </Empty>
  );
}
