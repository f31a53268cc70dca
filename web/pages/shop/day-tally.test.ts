import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventName, Status } from '../../../protocol/events.ts';
import type { CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import type { Order } from '../../../protocol/orders.ts';
import { restoreBrowser, stubBrowser } from '../../../testkit/stub-browser.ts';
import { dayRange } from '../../app/zoned-day.ts';
import { dayInAddress, dayLink, dayMeant } from './day-address.ts';
import { DayTally, isOfPart } from './day-tally.ts';
import { type DayHub, DayView } from './day-view.ts';
import { factsOf, standingRecords } from './order-facts.ts';

const ana = { role: 'driver', id: 'ana', name: 'Ana' } as const;
const ben = { role: 'driver', id: 'ben' } as const;
const zone = 'Europe/Berlin';
const day = '2026-10-25';
const noon = Date.parse('2026-10-25T12:00:00Z');

const statuses: Partial<Record<EventName, Status>> = {
  delivered: 'delivered',
  'attempt-failed': 'failed',
  corrected: 'in-transit',
};

let seq = 0;
const record = (
  event: EventName,
  orderID: string,
  rev: number,
  time: string,
  more: Partial<CapsRecord> & { times?: Partial<Order> } = {},
): CapsRecord => {
  const { times, ...rest } = more;
  seq += 1;
  const status: Status = statuses[event] ?? 'ready';
  const payload = { store: 'red', orderID, customer: `Customer ${orderID}`, address: '1 Elm', ...times };
  return { ...{ seq, event, time, status, rev, by: ana, via: 'rest' }, payload, ...rest };
};
const view = (orderID: string, more: Partial<ParcelView> & { times?: Partial<Order> } = {}): ParcelView => {
  const { times, ...rest } = more;
  const at = '2026-10-25T08:00:00Z';
  const payload = { store: 'red', orderID, customer: `Customer ${orderID}`, address: '1 Elm', ...times };
  return { payload, status: 'ready', rev: 1, attempts: 0, createdAt: at, changedAt: at, ...rest };
};
const summaryOf = (views: readonly ParcelView[], records: readonly CapsRecord[] = [], now = noon) => {
  const tally = new DayTally(dayRange(zone, day));
  tally.addViews(views);
  tally.complete();
  tally.addRecords(records);
  return tally.summary(now);
};
const idsOf = ({ orders }: ReturnType<DayTally['summary']>) => orders.map((one) => one.view.payload.orderID);

describe('a day’s numbers', () => {
  it('count each order once by what has become of it, and add up', () => {
    const summary = summaryOf([
      view('1', { status: 'delivered', holder: ana, times: { dueAt: '2026-10-25T10:00:00Z' } }),
      view('2', {
        ...{ status: 'delivered', holder: ana, changedAt: '2026-10-27T09:00:00Z' },
        times: { dueAt: '2026-10-25T11:00:00Z' },
      }),
      view('3', { status: 'delivered', holder: ben }),
      view('4', { status: 'failed', holder: ben, times: { dueAt: '2026-10-25T20:00:00Z' } }),
      view('5', { status: 'claimed', holder: ben, times: { dueAt: '2026-10-25T11:59:00Z' } }),
      view('6', { times: { notBefore: '2026-10-25T15:00:00Z' } }),
      view('7', { status: 'returning', holder: ana }),
      view('8', { status: 'returned', holder: ana }),
      view('9', { status: 'cancelled' }),
    ]);
    const { counts, drivers, orders } = summary;
    expect(counts).toEqual({
      ...{ all: 9, open: 3, delivered: 3, onTime: 1, late: 2, failed: 1, returned: 1, cancelled: 1 },
    });
    const { open, delivered, failed, returned, cancelled } = counts;
    expect(open + delivered + failed + returned + cancelled).toBe(counts.all);
    expect(drivers.map((one) => [one.driver?.name, one.all, one.delivered, one.open])).toEqual([
      ['Ana', 4, 2, 1],
      ['ben', 3, 1, 1],
      [undefined, 2, 0, 1],
    ]);
    const ids = (part: 'late' | 'open' | undefined, driver?: string) =>
      orders.filter((one) => isOfPart(one, { part, driver })).map((one) => one.view.payload.orderID);
    expect([ids('late'), ids('open'), ids(undefined, 'ben')]).toEqual([
      ['2', '5'],
      ['7', '5', '6'],
      ['3', '5', '4'],
    ]);
    expect(idsOf(summary)).toEqual(['3', '7', '8', '9', '1', '2', '5', '6', '4']);
  });

  it('are those of the orders that are due on it, by the shop’s clocks, also where the day has 25 hours', () => {
    const isIn = (times: Partial<Order>, createdAt = '2026-01-01T00:00:00Z') =>
      summaryOf([view('1', { times, createdAt })]).counts.all;
    expect(isIn({ dueAt: '2026-10-24T21:59:59.999Z' })).toBe(0);
    expect(isIn({ dueAt: '2026-10-25T00:00:00+02:00' })).toBe(1);
    expect(isIn({ dueAt: '2026-10-25T22:59:59.999Z' })).toBe(1);
    expect(isIn({ dueAt: '2026-10-25T23:00:00Z' })).toBe(0);
    // When it is due, else from when on it may come, else when it was ordered.
    expect(isIn({ notBefore: '2026-10-24T08:00:00Z', dueAt: '2026-10-25T08:00:00Z' })).toBe(1);
    expect(isIn({ notBefore: '2026-10-25T08:00:00Z' })).toBe(1);
    expect(isIn({}, '2026-10-25T08:00:00Z')).toBe(1);
    expect(isIn({})).toBe(0);
  });

  it('follow the feed: what is placed, moved to the day, moved away and taken back', () => {
    const [on, off] = ['2026-10-25T10:00:00Z', '2026-10-26T10:00:00Z'];
    const known = view('1', { status: 'delivered', rev: 4, holder: ana, times: { dueAt: on } });
    const ids = (...records: CapsRecord[]) => idsOf(summaryOf([known], records));
    expect(ids(record('pickup', '2', 1, on))).toEqual(['1', '2']);
    expect(ids(record('pickup', '2', 1, off, { times: { dueAt: on } }))).toEqual(['1', '2']);
    expect(ids(record('pickup', '2', 1, on, { times: { dueAt: off } }))).toEqual(['1']);
    expect(ids(record('amended', '2', 3, off, { times: { dueAt: on } }))).toEqual(['1', '2']);
    expect(ids(record('amended', '1', 5, on, { times: { dueAt: off } }))).toEqual([]);
    // Of an order that this page does not know and that has no window, nobody can tell the day.
    expect(ids(record('claimed', '2', 2, on))).toEqual(['1']);
    const tally = new DayTally(dayRange(zone, day));
    tally.complete();
    expect(tally.addRecords([record('amended', '2', 3, on)])).toEqual(['2']);
    const back = record('corrected', '1', 5, off, { times: { dueAt: on }, details: { rev: 4 } });
    expect(summaryOf([known], [back]).counts).toMatchObject({ all: 1, delivered: 0, open: 1 });
  });

  it('take the courier’s word for a delivery without network, and what the list says of the rest', () => {
    const dueAt = '2026-10-25T10:00:00Z';
    const late = view('1', {
      status: 'delivered',
      rev: 4,
      changedAt: '2026-10-25T11:00:00Z',
      times: { dueAt },
    });
    const tally = new DayTally(dayRange(zone, day));
    // The feed may be ahead of the list.
    tally.addRecords([record('delivered', '2', 4, '2026-10-25T11:00:00Z')]);
    tally.addViews([late, view('2', { rev: 3, status: 'in-transit', times: { dueAt } })]);
    tally.complete();
    expect(tally.summary(noon).counts).toMatchObject({ delivered: 2, onTime: 0 });
    expect(tally.lateSeeming().map(({ payload }) => payload.orderID)).toEqual(['1']);
    tally.tell([record('delivered', '1', 4, '2026-10-25T11:00:00Z', { occurredAt: '2026-10-25T09:59:00Z' })]);
    expect(tally.lateSeeming()).toEqual([]);
    expect(tally.summary(noon).counts).toMatchObject({ delivered: 2, onTime: 1 });
  });
});

describe('the orders of a day', () => {
  beforeEach(() => stubBrowser());
  afterEach(restoreBrowser);

  it('are read whole at ten thousand, 500 at a time, and which of them were late with as many requests', async () => {
    const many = 10_000;
    const times = { dueAt: '2026-10-25T10:00:00Z' };
    const views = Array.from({ length: many }, (_, i) =>
      view(`o${i}`, {
        status: 'delivered',
        holder: i % 4 ? ana : ben,
        changedAt: '2026-10-25T11:00:00Z',
        times,
      }),
    );
    const asked: string[] = [];
    const hub: DayHub = {
      async fetchDay({ from, to, cursor = '0' }) {
        asked.push(`${new Date(from).toISOString()} ${new Date(to).toISOString()}`);
        const end = Number(cursor) + 500;
        const next = end < many ? String(end) : null;
        return { items: views.slice(Number(cursor), end), next, asOf: 'a.1' };
      },
      async readRecords(_, events, { from, to }, { take }) {
        expect([events, from, to]).toEqual([['delivered'], noon - 3_600_000, noon - 3_600_000]);
        const isEven = (_one: ParcelView, i: number) => i % 2 === 0;
        const occurredAt = '2026-10-25T09:00:00Z';
        take(
          views
            .filter(isEven)
            .map(({ payload, changedAt }) =>
              record('delivered', payload.orderID, 4, changedAt, { occurredAt }),
            ),
          0,
        );
      },
      fetchOrder: () => expect.fail('nothing is asked one by one'),
    };
    const shown = new DayView({ store: 'red', zone, day, client: { on: () => () => {} }, hub });
    await vi.waitFor(() => expect(shown.state.get().kind).toBe('done'));
    const { counts, drivers } = shown.state.get();
    expect(counts).toMatchObject({ all: many, delivered: many, onTime: many / 2, late: many / 2 });
    expect(drivers.map(({ delivered }) => delivered)).toEqual([7_500, 2_500]);
    expect(asked).toHaveLength(20);
    expect(new Set(asked)).toEqual(new Set(['2026-10-24T22:00:00.000Z 2026-10-25T22:59:59.999Z']));
    shown.close();
  });

  it('stand under the name of their day in the address, tomorrow as well', () => {
    const now = Date.parse('2026-10-25T22:30:00Z');
    const { day: named } = dayInAddress('?day=tomorrow');
    expect(['yesterday', 'today', named].map((name) => dayMeant(name, zone, now))).toEqual([
      ...['2026-10-24', '2026-10-25', '2026-10-26'],
    ]);
    expect(dayInAddress('?day=2090-01-01').day).toBe('2090-01-01');
    expect(dayLink({ day: named, part: undefined, driver: undefined }, '?store=red')).toBe(
      '?store=red&day=tomorrow',
    );
  });
});

it('facts of an order are those that stand', () => {
  const records = [
    record('attempt-failed', '1', 3, '2026-10-25T10:00:00Z', { details: { reason: 'not-home' } }),
    record('delivered', '1', 5, '2026-10-25T11:00:00Z', { details: { receivedBy: 'Zoë' } }),
    record('corrected', '1', 6, '2026-10-25T11:01:00Z', { details: { rev: 5 } }),
    record('delivered', '1', 7, '2026-10-25T12:00:00Z', {
      occurredAt: '2026-10-25T11:30:00Z',
      details: { receivedBy: 'Ben', outcome: 'third-party' },
    }),
    record('proof', '1', 8, '2026-10-25T12:00:01Z', { details: { kind: 'photo', rev: 7 } }),
    record('proof', '1', 9, '2026-10-25T12:00:02Z', { details: { kind: 'photo', rev: 7 } }),
    record('proof', '1', 10, '2026-10-25T12:00:03Z', { details: { kind: 'signature', rev: 7 } }),
  ];
  expect(factsOf(standingRecords(records.reverse()))).toEqual({
    deliveredAt: '2026-10-25T11:30:00.000Z',
    outcome: 'third-party',
    receivedBy: 'Ben',
    reason: 'not-home',
    proofs: ['photo', 'signature'],
  });
});
