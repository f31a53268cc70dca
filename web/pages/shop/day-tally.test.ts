import { describe, expect, it } from 'vitest';
import type { EventName, Status } from '../../../protocol/events.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { EventPage } from '../../../protocol/rest.ts';
import { dayRange } from '../../app/zoned-day.ts';
import { DayTally, isOfPart } from './day-tally.ts';
import { type PageReader, readRecords } from './fetch-records.ts';
import { factsOf, standingRecords } from './order-facts.ts';

const ana = { role: 'driver', id: 'ana', name: 'Ana' } as const;
const ben = { role: 'driver', id: 'ben' } as const;
const zone = 'Europe/Berlin';
const day = '2026-10-25';

let seq = 0;
const record = (
  event: EventName,
  orderID: string,
  rev: number,
  time: string,
  more: Partial<CapsRecord> & { dueAt?: string } = {},
): CapsRecord => {
  const { dueAt, ...rest } = more;
  seq += 1;
  const status: Status = event === 'delivered' ? 'delivered' : 'ready';
  const payload = { store: 'red', orderID, customer: `Customer ${orderID}`, address: '1 Elm' };
  return {
    ...{ seq, event, time, status, rev, by: ana, via: 'rest' },
    payload: dueAt === undefined ? payload : { ...payload, dueAt },
    ...rest,
  };
};
const summaryOf = (records: readonly CapsRecord[]) => {
  const tally = new DayTally(dayRange(zone, day));
  tally.add(records);
  return tally.summary();
};

describe('a day’s numbers', () => {
  it('count an order once, by what became of it last, whatever the order in which records come', () => {
    const records = [
      record('pickup', '1', 1, '2026-10-25T06:00:00Z', { by: { role: 'vendor', id: 'red' } }),
      record('attempt-failed', '1', 4, '2026-10-25T10:00:00Z', { by: ben }),
      record('delivered', '1', 6, '2026-10-25T12:00:00Z', { dueAt: '2026-10-25T12:00:00Z' }),
      record('delivered', '2', 4, '2026-10-25T12:00:00Z', { dueAt: '2026-10-25T11:59:59Z' }),
      record('delivered', '3', 4, '2026-10-25T12:00:00Z', { by: ben }),
      record('attempt-failed', '4', 4, '2026-10-25T13:00:00Z', { by: ben }),
    ];
    const { counts, drivers, orders } = summaryOf([...records, ...records].reverse());
    expect(counts).toEqual({
      ...{ placed: 1, delivered: 3, onTime: 1, late: 1, failed: 1, returned: 0, cancelled: 0 },
    });
    expect(drivers.map(({ driver, delivered, failed }) => [driver?.name, delivered, failed])).toEqual([
      ['Ana', 2, 0],
      ['ben', 1, 1],
    ]);
    expect(orders.map(({ order }) => order.orderID)).toEqual(['4', '1', '2', '3']);
    const ids = (part: 'late' | 'placed' | undefined, driver?: string) =>
      orders.filter((one) => isOfPart(one, { part, driver })).map(({ order }) => order.orderID);
    expect([ids('late'), ids('placed'), ids(undefined, 'ben')]).toEqual([['2'], ['1'], ['4', '3']]);
  });

  it('leave out what was taken back, even on another day', () => {
    const { counts } = summaryOf([
      record('attempt-failed', '1', 3, '2026-10-25T10:00:00Z'),
      record('delivered', '1', 5, '2026-10-25T12:00:00Z'),
      record('corrected', '1', 6, '2026-10-26T12:00:00Z', { details: { rev: 5 } }),
    ]);
    expect(counts).toMatchObject({ delivered: 0, failed: 1 });
  });

  it('go from midnight to midnight by the shop’s clocks, also where the day has 25 hours', () => {
    const at = (time: string, more = {}) =>
      summaryOf([record('delivered', '1', 4, time, more)]).counts.delivered;
    expect(at('2026-10-24T21:59:59.999Z')).toBe(0);
    expect(at('2026-10-24T22:00:00Z')).toBe(1);
    expect(at('2026-10-25T22:59:59.999Z')).toBe(1);
    expect(at('2026-10-25T23:00:00Z')).toBe(0);
    // Delivered in a basement before midnight, told after it. Told much later, it counts when it was told.
    expect(at('2026-10-26T06:00:00Z', { occurredAt: '2026-10-25T22:30:00Z' })).toBe(1);
    expect(at('2026-10-27T06:00:00Z', { occurredAt: '2026-10-25T22:30:00Z' })).toBe(0);
  });

  it('are read whole at ten thousand orders, 500 at a time', async () => {
    const many = 10_000;
    const delivered = Array.from({ length: many }, (_, i) =>
      record('delivered', `o${i}`, 4, '2026-10-25T12:00:00Z', i % 4 === 0 ? { by: ben } : {}),
    );
    const asked: string[] = [];
    const read: PageReader = async (query): Promise<EventPage> => {
      asked.push(String(query?.event));
      const end = query?.before === undefined ? many : Number(query.before);
      const limit = Number(query?.limit);
      const first = Math.max(0, end - limit);
      if (query?.event !== 'delivered') return { items: [], next: '0', prev: null };
      return { items: delivered.slice(first, end), next: '0', prev: first === 0 ? null : String(first) };
    };
    const tally = new DayTally(dayRange(zone, day));
    const take = (records: readonly CapsRecord[]) => tally.add(records);
    const { from, to } = dayRange(zone, day);
    await readRecords('red', ['delivered', 'cancelled', 'returned'], { from, to }, { take, read });
    const { counts, drivers } = tally.summary();
    expect(counts.delivered).toBe(many);
    expect(drivers.map(({ delivered: own }) => own)).toEqual([7_500, 2_500]);
    expect(asked.filter((event) => event === 'delivered')).toHaveLength(20);
    expect(asked.filter((event) => event !== 'delivered')).toEqual(['cancelled', 'returned']);
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
