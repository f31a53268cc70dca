import { describe, expect, test } from 'vitest';
import type { EventName, Status } from '../../../protocol/events.ts';
import { cursorOf } from '../../../protocol/ids.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { EventPage } from '../../../protocol/rest.ts';
import { matches, parseSearch } from '../../../protocol/search.ts';
import { LogWindow } from './log-window.ts';
import type { Direction, PageRequest } from './search-results.ts';

const epoch = 'e1';

function record(seq: number, event: EventName = 'pickup', status: Status = 'ready'): CapsRecord {
  return {
    seq,
    event,
    status,
    rev: 1,
    time: new Date(Date.UTC(2026, 10, 20) + seq).toISOString(),
    payload: { store: 'red', orderID: `o${seq}`, customer: 'Hulda', address: '835 Meluk Pass' },
    by: { role: 'vendor', id: 'red' },
    via: 'socket.io',
  };
}

/** Every tenth record is a failure. */
function logOf(length: number): CapsRecord[] {
  return Array.from({ length }, (_, i) =>
    (i + 1) % 10 === 0 ? record(i + 1, 'attempt-failed', 'failed') : record(i + 1),
  );
}

/** Answers as the hub would. */
function answerOf(log: readonly CapsRecord[], ask: PageRequest, limit = 20): EventPage {
  const seq = Number(ask.cursor.split('.')[1]);
  const all = log.filter((one) => matches(one, parseSearch(ask.search)));
  const found = all.filter((one) => (ask.direction === 'older' ? one.seq < seq : one.seq > seq));
  const items = ask.direction === 'older' ? found.slice(-limit) : found.slice(0, limit);
  const [first, last] = [items[0], items.at(-1)];
  const more = found.length > items.length;
  return {
    items,
    prev: first && (more || ask.direction === 'newer') ? cursorOf(epoch, first.seq) : null,
    next: last ? cursorOf(epoch, last.seq) : ask.cursor,
  };
}

function load(window: LogWindow, log: readonly CapsRecord[], way: Direction): boolean {
  const ask = window.ask(way);
  if (ask) window.answered(ask, answerOf(log, ask));
  return ask !== undefined;
}

function loadAll(window: LogWindow, log: readonly CapsRecord[], way: Direction): void {
  while (load(window, log, way));
}

function seqs(window: LogWindow): (number | undefined)[] {
  const { rows } = window.snapshot();
  return Array.from({ length: rows.count }, (_, i) => rows.seqAt(i));
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const failures = (from: number, to: number) => range(from, to).filter((seq) => seq % 10 === 0);

function opened(length: number, { ringMax = 50, rowsMax = 100 } = {}) {
  const log = logOf(length);
  const window = new LogWindow({ ring: { max: ringMax, textMax: 1_000_000 }, rowsMax });
  window.start(epoch, length);
  const grow = (count: number) => {
    const more = logOf(log.length + count).slice(log.length);
    log.push(...more);
    window.append(more);
  };
  return { log, window, grow };
}

describe('the whole log', () => {
  test('is scrollable at once; missing records are read where they become visible', () => {
    const window = new LogWindow();
    window.start(epoch, 1_000_000);
    const { rows } = window.snapshot();
    expect(rows.count).toBe(1_000_000);
    expect([rows.seqAt(0), rows.indexOf(700_000)]).toEqual([1, 699_999]);
    expect(rows.at(399)).toBeUndefined();
    expect(window.missing(395, 405)).toEqual([1, 2]);
    window.pageCame(1, { items: logOf(400).slice(200) });
    expect(window.missing(395, 405)).toEqual([2]);
    expect(window.snapshot().rows.at(399)?.seq).toBe(400);
  });

  test('history and live records join without gap or overlap', () => {
    const { log, window, grow } = opened(30);
    expect(window.opening).toBe('e1.31');
    grow(5);
    window.prepend(log.slice(10, 30));
    expect(window.missing(10, 35)).toEqual([]);
    expect(range(10, 34).map((index) => window.snapshot().rows.at(index)?.seq)).toEqual(range(11, 35));
    expect(window.missing(9, 35)).toEqual([0]);
  });

  test('[S6] a damaged record says so in its row, is not requested again, and moves no other row', () => {
    const { window } = opened(400);
    // The hub skips damaged records and fills the page.
    window.pageCame(0, { items: logOf(202).filter(({ seq }) => seq !== 3 && seq !== 5), damaged: [3, 5] });
    const { rows } = window.snapshot();
    expect([1, 3, 4, 5, 6, 200].map((seq) => rows.at(seq - 1)?.seq)).toEqual([
      1,
      undefined,
      4,
      undefined,
      6,
      200,
    ]);
    expect([3, 4].map((seq) => rows.isDamaged(seq - 1))).toEqual([true, false]);
    expect(window.missing(0, 200)).toEqual([]);
  });

  test('[S6] live records go on after a damaged one; those before it are read as history', () => {
    const { window } = opened(30);
    window.append([record(31), record(33)], [32]);
    window.append([], [34]);
    window.append([record(35)]);
    expect(window.head).toBe(35);
    expect(window.snapshot().rows.at(34)?.seq).toBe(35);
    expect(window.missing(30, 34)).toEqual([0]);
    expect(() => window.append([record(37)])).toThrow('record 37 follows 35');
  });

  test('throws for a record that does not follow the last one', () => {
    const { window } = opened(30);
    expect(() => window.append([record(32)])).toThrow('record 32 follows 30');
  });

  test('another log clears everything, and answers about the old one are ignored', () => {
    const { log, window } = opened(30);
    window.search('event:failed');
    window.freeze('paused');
    const ask = window.ask('older');
    window.start('e2', 3);
    if (ask) window.answered(ask, answerOf(log, ask));
    expect(seqs(window)).toEqual([]);
    expect(window.snapshot()).toMatchObject({ mode: { kind: 'following' }, total: 3, older: 'more' });
    expect(window.ask('older')?.cursor).toBe('e2.4');
  });

  test('a time range hides all other records until the view resumes', () => {
    const { window, grow } = opened(300);
    window.choose({ from: 'a', to: 'b', first: 101, last: 120 });
    grow(10);
    expect(seqs(window)).toEqual(range(101, 120));
    window.search('event:failed');
    expect(window.ask('older')).toMatchObject({ cursor: 'e1.121', from: 'a', to: 'b' });
    window.search('');
    window.resume();
    expect(window.snapshot()).toMatchObject({ range: undefined, total: 310 });
    expect(window.snapshot().rows.count).toBe(310);
  });

  test('finds the next failure among loaded records, or says that the hub has to be asked', () => {
    const { log, window, grow } = opened(300);
    window.prepend(log.slice(260));
    grow(20);
    expect(window.nextFailure(285, 1)).toBe(290);
    expect(window.nextFailure(285, -1)).toBe(280);
    expect(window.nextFailure(320, 1)).toBe('unknown');
    expect(window.nextFailure(150, 1)).toBe('unknown');
  });
});

describe('pause and resume', () => {
  test('a frozen view does not change while the stream goes on; resuming shows everything', () => {
    const { log, window, grow } = opened(30);
    window.prepend(log.slice());
    window.freeze('paused');
    const before = window.snapshot().rows;
    grow(12);
    expect(window.snapshot().rows).toBe(before);
    expect(window.snapshot()).toMatchObject({ fresh: 12, total: 42, mode: { kind: 'frozen', at: 30 } });
    window.resume();
    expect(seqs(window)).toEqual(range(1, 42));
    expect(window.snapshot().fresh).toBe(0);
  });

  test('visible rows stay, though more records arrive than the ring holds', () => {
    const { log, window, grow } = opened(30);
    window.prepend(log.slice());
    window.freeze('paused');
    const read = range(20, 29).map((index) => window.snapshot().rows.at(index));
    grow(500);
    expect(range(20, 29).map((index) => window.snapshot().rows.at(index))).toEqual(read);
    expect(window.missing(20, 30)).toEqual([]);
  });

  test('freezes at the last seen record; later ones count as new', () => {
    const { window, grow } = opened(30);
    grow(7);
    window.freeze('scrolled', 30);
    expect(window.snapshot()).toMatchObject({ fresh: 7, mode: { at: 30 } });
    expect(window.snapshot().rows.count).toBe(30);
  });

  test('scrolling does not end a pause', () => {
    const { window } = opened(30);
    window.freeze('paused');
    window.freeze('scrolled');
    expect(window.mode).toEqual({ kind: 'frozen', at: 30, why: 'paused' });
  });
});

describe('search', () => {
  test('filters history and live records alike', () => {
    const { log, window, grow } = opened(300, { rowsMax: 1_000 });
    window.search('event:failed');
    load(window, log, 'older');
    expect(seqs(window)).toEqual(failures(110, 300));
    grow(20);
    expect(seqs(window)).toEqual(failures(110, 320));
    loadAll(window, log, 'older');
    expect(seqs(window)).toEqual(failures(1, 320));
    window.search('');
    expect(window.snapshot().rows.count).toBe(320);
  });

  test('asks nothing for what a parcel is now, which no event says', () => {
    const { window, grow } = opened(300);
    window.search('-is:late hulda');
    expect([window.ask('older'), window.ask('newer')]).toEqual([undefined, undefined]);
    grow(20);
    expect(window.snapshot()).toMatchObject({ older: 'none', newer: 'none', rows: { count: 0 } });
    window.search('hulda');
    expect(window.ask('older')).toBeDefined();
  });

  test('ignores the answer to a previous search', () => {
    const { log, window } = opened(300);
    window.search('event:failed');
    const ask = window.ask('older');
    window.search('event:ready');
    if (ask) window.answered(ask, answerOf(log, ask));
    expect(seqs(window)).toEqual([]);
    expect(window.snapshot().older).toBe('more');
  });

  test('keeps the previous rows until there is an answer, or until they are dropped', () => {
    const { log, window, grow } = opened(30);
    window.prepend(log.slice());
    const search = (text: string) => {
      window.search('');
      const { rows } = window.snapshot();
      window.search(text);
      window.keepPreviousRows(rows);
      return rows;
    };
    const before = search('event:failed');
    grow(10);
    expect(window.snapshot()).toMatchObject({ isSearching: true });
    expect(window.snapshot().rows).toBe(before);
    load(window, log, 'older');
    expect(seqs(window)).toEqual([10, 20, 30, 40]);
    expect(window.snapshot().isSearching).toBe(false);

    search('event:failed');
    window.dropPreviousRows();
    expect(seqs(window)).toEqual([]);

    search('event:failed');
    const ask = window.ask('older');
    if (ask) window.failed(ask);
    expect(seqs(window)).toEqual([]);

    search('');
    grow(1);
    expect(seqs(window)).toEqual(range(1, 41));
  });

  test('makes one request at a time, and again after a failure', () => {
    const { window } = opened(30);
    window.search('hulda');
    const ask = window.ask('older');
    expect(window.ask('older')).toBeUndefined();
    if (ask) window.failed(ask);
    expect(window.snapshot().older).toBe('failed');
    expect(window.ask('older')).toBeDefined();
  });

  test('a cursor that does not move ends the requests', () => {
    const { window } = opened(30);
    window.search('hulda');
    const ask = window.ask('older');
    if (ask) window.answered(ask, { items: [], prev: ask.cursor, next: ask.cursor });
    expect(window.snapshot().older).toBe('none');
  });

  test('while paused, matches wait until resume; a new search finds them at once', () => {
    const { log, window, grow } = opened(100);
    window.search('event:failed');
    loadAll(window, log, 'older');
    window.freeze('paused');
    grow(40);
    expect(seqs(window)).toEqual(failures(1, 100));
    expect(window.snapshot().fresh).toBe(4);
    window.resume();
    expect(seqs(window)).toEqual(failures(1, 140));
    window.freeze('paused');
    grow(20);
    window.search('event:attempt-failed');
    loadAll(window, log, 'older');
    expect(seqs(window)).toEqual(failures(1, 160));
  });

  test('if too many matches wait, resuming reads them from the hub', () => {
    const { window, grow } = opened(100);
    window.search('event:pickup');
    window.freeze('paused');
    grow(4_000);
    window.resume();
    expect(window.ask('older')?.cursor).toBe('e1.4101');
  });

  test('reading far back drops newer results, which are read again on the way down', () => {
    const { log, window, grow } = opened(3_000);
    window.search('event:failed');
    window.freeze('scrolled');
    loadAll(window, log, 'older');
    grow(20);
    expect(seqs(window)).toEqual(failures(1, 1_000));
    expect(window.snapshot().newer).toBe('more');
    loadAll(window, log, 'newer');
    expect(seqs(window)).toEqual(failures(2_001, 3_000));
    expect(window.snapshot()).toMatchObject({ newer: 'none', older: 'more', fresh: 2 });
  });

  test('goes to any record and reads the results around it in both directions', () => {
    const { log, window } = opened(3_000);
    window.search('event:failed');
    window.around(1_500);
    load(window, log, 'older');
    load(window, log, 'newer');
    expect(seqs(window)).toEqual(failures(1_310, 1_700));
    window.around(1_600);
    expect(seqs(window)).toEqual(failures(1_310, 1_700));
  });

  test('highlighting keeps all rows and counts the matches', () => {
    const { window, grow } = opened(100);
    window.search('event:failed', 'highlight');
    expect(window.snapshot().rows.count).toBe(100);
    window.counted(10, 95);
    grow(20);
    expect(window.snapshot()).toMatchObject({ found: 12, older: 'none' });
  });

  test('a match counts once, whether it arrives before or after the hub’s count', () => {
    const { window, grow } = opened(100);
    window.search('event:failed', 'highlight');
    grow(20);
    // The first count ends at a live match that has arrived; the second at one that has not.
    window.counted(11, 110);
    expect(window.snapshot()).toMatchObject({ found: 12 });
    window.counted(13, 130);
    grow(20);
    expect(window.snapshot()).toMatchObject({ found: 14 });
  });

  test('unchanged rows are the same object, so that they are not rendered again', () => {
    const { window, grow } = opened(0);
    window.search('event:delivered');
    const { rows } = window.snapshot();
    grow(9);
    expect(window.snapshot().rows).toBe(rows);
    expect(window.snapshot().total).toBe(9);
  });
});
