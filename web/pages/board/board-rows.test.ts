import { beforeEach, expect, it } from 'vitest';
import type { CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import { BoardRows, rowsMax } from './board-rows.ts';
import { columnsFound } from './board-search.ts';
import { columnNames, unclaimedMs } from './columns.ts';

const noon = Date.parse('2026-11-30T12:00:00Z');
const at = (ms: number) => new Date(noon + ms).toISOString();
const ana = { id: 'ana', name: 'Ana' };

function view(orderID: string, parcel: Partial<ParcelView> & { dueAt?: string } = {}): ParcelView {
  const { dueAt, ...rest } = parcel;
  const payload = {
    store: 'red',
    orderID,
    customer: 'Hulda',
    address: '9 Elm Street',
    ...(dueAt && { dueAt }),
  };
  return { payload, status: 'ready', rev: 1, attempts: 0, createdAt: at(0), changedAt: at(0), ...rest };
}

function record(orderID: string, rev: number, change: Partial<CapsRecord> = {}): CapsRecord {
  return {
    seq: rev,
    event: 'claimed',
    time: at(rev),
    status: 'claimed',
    rev,
    payload: view(orderID).payload,
    by: { role: 'driver', ...ana },
    holder: ana,
    via: 'socket.io',
    ...change,
  };
}

let rows: BoardRows;
beforeEach(() => {
  rows = new BoardRows();
});

/** `ready: 1 2, claimed: 3` */
function shown(now = noon): string {
  const columns = rows.columns(now);
  return columnNames
    .filter((name) => columns[name].length > 0)
    .map((name) => `${name}: ${columns[name].map(({ view }) => view.payload.orderID).join(' ')}`)
    .join(', ');
}

it('shows what is due first on top, then what has waited longest', () => {
  rows.addView(view('new', { changedAt: at(9) }));
  rows.addView(view('old', { changedAt: at(1) }));
  rows.addView(view('later', { dueAt: at(60_000) }));
  rows.addView(view('soon', { dueAt: at(30_000) }));
  expect(shown()).toBe('ready: soon later old new');
});

it('moves a parcel when its due time passes or nobody claims it, without an event', () => {
  rows.addView(view('1', { dueAt: at(1_000) }));
  rows.addView(view('2'));
  expect(shown()).toBe('ready: 1 2');
  expect(shown(noon + 1_001)).toBe('attention: 1, ready: 2');
  expect(shown(noon + unclaimedMs)).toBe('attention: 1 2');
});

it('returns the same columns while nothing changes, and keeps those that do not', () => {
  rows.addView(view('1'));
  rows.addView(view('2', { status: 'claimed', holder: ana }));
  const before = rows.columns(noon);
  expect(rows.columns(noon)).toBe(before);
  rows.addRecord(record('2', 2, { event: 'in-transit', status: 'in-transit' }));
  const after = rows.columns(noon);
  expect(after).not.toBe(before);
  expect(after.ready).toBe(before.ready);
});

it('follows a parcel from offer to delivery', () => {
  rows.addRecord(
    record('1', 1, { event: 'pickup', status: 'ready', holder: null, by: { role: 'vendor', id: 'red' } }),
  );
  rows.endList();
  expect(shown()).toBe('ready: 1');
  rows.addRecord(record('1', 2));
  expect(shown()).toBe('claimed: 1');
  rows.addRecord(record('1', 3, { event: 'in-transit', status: 'in-transit' }));
  rows.addRecord(
    record('1', 4, { event: 'attempt-failed', status: 'failed', details: { reason: 'not-home' } }),
  );
  expect(shown()).toBe('attention: 1');
  rows.addRecord(record('1', 5, { event: 'retried', status: 'in-transit' }));
  expect(shown()).toBe('in-transit: 1');
  rows.addRecord(record('1', 6, { event: 'delivered', status: 'delivered' }));
  expect(shown()).toBe('');
  expect(rows.size).toBe(0);
});

it('does not let a late page of the list overwrite what the feed brought', () => {
  rows.addRecord(record('1', 2));
  rows.addRecord(record('2', 5, { event: 'delivered', status: 'delivered' }));
  rows.addView(view('1'));
  rows.addView(view('2', { status: 'in-transit', rev: 4 }));
  expect(shown()).toBe('claimed: 1');
});

it('does not bring back what was delivered before the list was complete', () => {
  rows.addView(view('1', { status: 'in-transit', rev: 3, holder: ana }));
  rows.addRecord(record('1', 4, { event: 'delivered', status: 'delivered' }));
  rows.addView(view('1', { status: 'in-transit', rev: 3, holder: ana }));
  rows.endList();
  expect(shown()).toBe('');
});

it('asks for a parcel that comes back to the board, and shows it meanwhile', () => {
  rows.endList();
  rows.addRecord(record('1', 7, { event: 'corrected', status: 'in-transit', details: { rev: 6 } }));
  expect(shown()).toBe('in-transit: 1');
  expect(rows.takePartial()).toEqual([{ store: 'red', orderID: '1' }]);
  expect(rows.takePartial()).toEqual([]);
  rows.addView(view('1', { status: 'in-transit', rev: 7, holder: ana, dueAt: at(-1) }));
  expect(shown()).toBe('attention: 1');
});

it('asks for nothing while the list may still bring it', () => {
  rows.addRecord(record('1', 2));
  expect(rows.takePartial()).toEqual([]);
  rows.addView(view('1'));
  rows.endList();
  expect(rows.takePartial()).toEqual([]);
});

it('an urgent note needs dispatch until dispatch has seen it', () => {
  rows.addView(view('1', { status: 'in-transit', rev: 3, holder: ana }));
  const note = { text: 'The bridge is closed', urgent: true };
  rows.addRecord(record('1', 4, { event: 'note', status: 'in-transit', details: note }));
  expect(shown()).toBe('attention: 1');
  const admin = { role: 'admin', id: 'admin' } as const;
  rows.addRecord(record('1', 5, { event: 'seen', status: 'in-transit', by: admin, details: { rev: 4 } }));
  expect(shown()).toBe('in-transit: 1');
});

it('knows when a driver last did something', () => {
  rows.addRecord(record('1', 2, { time: at(500) }));
  expect(rows.signs.get('ana')).toBe(noon + 500);
});

it('is bounded, and says so', () => {
  for (let i = 0; i <= rowsMax; i += 1) rows.addView(view(String(i)));
  expect(rows.size).toBe(rowsMax);
  expect(rows.isFull).toBe(true);
  rows.clear();
  expect(rows.isFull).toBe(false);
  expect(shown()).toBe('');
});

it('leaves of its columns what a search finds, by names, by what stands in an order, and by what is late', () => {
  rows.addView(view('1', { holder: ana, status: 'claimed' }));
  rows.addView(view('2', { dueAt: at(-60_000) }));
  const columns = rows.columns(noon);
  const found = (search: string) => {
    const left = columnsFound(columns, search, noon);
    return columnNames.flatMap((name) => left[name].map((row) => row.view.payload.orderID));
  };
  expect(columnsFound(columns, ' ', noon)).toBe(columns);
  expect([found('elm'), found('ana'), found('is:late'), found('-is:late'), found('nobody')]).toEqual([
    ['2', '1'],
    ['1'],
    ['2'],
    ['1'],
    [],
  ]);
});
