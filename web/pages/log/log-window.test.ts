import { describe, expect, test } from 'vitest';
import { cursorOf } from '../../../protocol/ids.ts';
import type { CapsRecord, EventName, Status } from '../../../protocol/messages.ts';
import { matches, parseSearch } from '../../../protocol/search.ts';
import { type Ask, type HistoryPage, LogWindow } from './log-window.ts';

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

/** What the hub would answer. */
function answerOf(log: readonly CapsRecord[], ask: Ask, limit = 20): HistoryPage {
  const seq = Number(ask.place.split('.')[1]);
  const terms = parseSearch(ask.search);
  const found = log.filter(
    (one) => matches(one, terms) && (ask.way === 'older' ? one.seq < seq : one.seq > seq),
  );
  const items = ask.way === 'older' ? found.slice(-limit) : found.slice(0, limit);
  const [first, last] = [items[0], items.at(-1)];
  const more = found.length > items.length;
  return {
    items,
    prev: first && (more || ask.way === 'newer') ? cursorOf(epoch, first.seq) : null,
    next: last && (more || ask.way === 'older') ? cursorOf(epoch, last.seq) : null,
  };
}

function load(window: LogWindow, log: readonly CapsRecord[], way: 'older' | 'newer'): boolean {
  const ask = window.ask(way);
  if (ask) window.answered(ask, answerOf(log, ask));
  return ask !== undefined;
}

function loadAll(window: LogWindow, log: readonly CapsRecord[], way: 'older' | 'newer'): void {
  while (load(window, log, way));
}

const seqs = (window: LogWindow) => window.snapshot().rows.map(({ seq }) => seq);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const failures = (from: number, to: number) => range(from, to).filter((seq) => seq % 10 === 0);

function opened(length: number, limits = { tailMax: 50, rowsMax: 100 }) {
  const log = logOf(length);
  const window = new LogWindow(limits);
  window.start(epoch, length);
  const grow = (count: number) => {
    const more = logOf(log.length + count).slice(log.length);
    log.push(...more);
    window.append(more);
  };
  return { log, window, grow };
}

describe('history and live', () => {
  test('what came before the page and what came while it was on its way join without gap or overlap', () => {
    const { log, window, grow } = opened(30);
    const ask = window.ask('older');
    grow(5);
    expect(ask).toMatchObject({ way: 'older', place: 'e1.31', search: '' });
    if (ask) window.answered(ask, answerOf(log, ask));
    expect(seqs(window)).toEqual(range(11, 35));
    load(window, log, 'older');
    expect(seqs(window)).toEqual(range(1, 35));
    expect(window.snapshot().older).toBe('none');
  });

  test('a record that does not follow the last one stops', () => {
    const { window } = opened(30);
    expect(() => window.append([record(32)])).toThrow('record 32 follows 30');
    expect(() => window.append([record(30)])).toThrow('record 30 follows 30');
  });

  test('asks one question at a time, and again after a failure', () => {
    const { window } = opened(30);
    const ask = window.ask('older');
    expect(window.ask('older')).toBeUndefined();
    if (ask) window.failed(ask);
    expect(window.snapshot().older).toBe('failed');
    expect(window.ask('older')).toBeDefined();
  });

  test('an empty log has nothing older to ask for', () => {
    const { window, grow } = opened(0);
    expect(window.ask('older')).toBeUndefined();
    grow(2);
    expect(seqs(window)).toEqual([1, 2]);
  });

  test('a place that does not move on ends the asking', () => {
    const { window } = opened(30);
    const ask = window.ask('older');
    if (ask) window.answered(ask, { items: [], prev: ask.place, next: null });
    expect(window.snapshot().older).toBe('none');
  });

  test('another log clears the rows, and answers about the old one are void', () => {
    const { log, window } = opened(30);
    window.freeze('paused');
    const ask = window.ask('older');
    window.start('e2', 3);
    if (ask) window.answered(ask, answerOf(log, ask));
    expect(window.snapshot()).toMatchObject({
      rows: [],
      mode: { kind: 'following' },
      total: 3,
      older: 'more',
    });
    expect(window.ask('older')?.place).toBe('e2.4');
  });
});

describe('pause and resume', () => {
  test('a frozen view stands still while the stream goes on; resuming shows everything', () => {
    const { log, window, grow } = opened(30);
    loadAll(window, log, 'older');
    window.freeze('paused');
    const before = window.snapshot().rows;
    grow(12);
    expect(window.snapshot().rows).toBe(before);
    expect(window.snapshot()).toMatchObject({ fresh: 12, total: 42, mode: { kind: 'frozen', at: 30 } });
    window.resume();
    expect(seqs(window)).toEqual(range(1, 42));
    expect(window.snapshot().fresh).toBe(0);
  });

  test('if more came than the window keeps, the rest is history, one scroll away', () => {
    const { log, window, grow } = opened(30);
    load(window, log, 'older');
    window.freeze('paused');
    grow(70);
    window.resume();
    expect(seqs(window)).toEqual(range(51, 100));
    loadAll(window, log, 'older');
    expect(seqs(window)).toEqual(range(1, 100));
  });

  test('scrolling does not undo a pause that was asked for', () => {
    const { window } = opened(30);
    window.freeze('paused');
    window.freeze('scrolled');
    expect(window.mode).toEqual({ kind: 'frozen', at: 30, why: 'paused' });
  });

  test('older pages come in above a frozen view, and resuming keeps them', () => {
    const { log, window, grow } = opened(60);
    load(window, log, 'older');
    window.freeze('scrolled');
    grow(3);
    load(window, log, 'older');
    expect(seqs(window)).toEqual(range(21, 60));
    window.resume();
    expect(seqs(window)).toEqual(range(21, 63));
  });
});

describe('bounds', () => {
  test('following for long keeps the newest rows and knows where the others are', () => {
    const { log, window, grow } = opened(0);
    for (let i = 0; i < 40; i += 1) grow(10);
    const rows = seqs(window);
    expect(rows.length).toBeLessThanOrEqual(120);
    expect(rows).toEqual(range(400 - rows.length + 1, 400));
    expect(window.ask('older')?.place).toBe(`e1.${rows[0]}`);
    expect(log.length).toBe(400);
  });

  test('reading far back lets the newer rows go, and they come again on the way down', () => {
    const { log, window, grow } = opened(300);
    window.freeze('scrolled');
    loadAll(window, log, 'older');
    grow(20);
    expect(seqs(window)).toEqual(range(1, 100));
    expect(window.snapshot().newer).toBe('more');
    loadAll(window, log, 'newer');
    expect(seqs(window)).toEqual(range(201, 300));
    expect(window.snapshot()).toMatchObject({ newer: 'none', older: 'more', fresh: 20 });
    window.resume();
    expect(seqs(window).slice(-100)).toEqual(range(221, 320));
  });

  test('the oldest can be jumped to, and the newest again', () => {
    const { log, window, grow } = opened(300);
    load(window, log, 'older');
    window.toOldest();
    load(window, log, 'newer');
    expect(seqs(window)).toEqual(range(1, 20));
    grow(5);
    window.resume();
    expect(seqs(window)).toEqual(range(281, 305));
  });
});

describe('search', () => {
  test('history and live are filtered alike', () => {
    const { log, window, grow } = opened(300, { tailMax: 50, rowsMax: 1_000 });
    load(window, log, 'older');
    window.search('event:failed');
    expect(seqs(window)).toEqual(failures(281, 300));
    grow(20);
    expect(seqs(window)).toEqual(failures(281, 320));
    loadAll(window, log, 'older');
    expect(seqs(window)).toEqual(failures(1, 320));
    window.search('');
    expect(seqs(window)).toEqual(range(281, 320));
  });

  test('an answer to the search before is void', () => {
    const { log, window } = opened(300);
    window.search('event:failed');
    const ask = window.ask('older');
    window.search('event:ready');
    if (ask) window.answered(ask, answerOf(log, ask));
    expect(seqs(window)).toEqual([]);
    expect(window.snapshot().older).toBe('more');
  });

  test('while paused only what came before the pause is searched, and the rest is counted', () => {
    const { log, window, grow } = opened(100);
    window.freeze('paused');
    grow(80);
    window.search('event:failed');
    expect(seqs(window)).toEqual([]);
    loadAll(window, log, 'older');
    expect(seqs(window)).toEqual(failures(1, 100));
    window.resume();
    loadAll(window, log, 'older');
    expect(seqs(window)).toEqual(failures(1, 180));
  });

  test('rows that have not changed are the same list, so that they are not drawn again', () => {
    const { window, grow } = opened(0);
    window.search('event:delivered');
    const { rows } = window.snapshot();
    grow(9);
    expect(window.snapshot().rows).toBe(rows);
    expect(window.snapshot().total).toBe(9);
  });
});
