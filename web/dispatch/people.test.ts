import { expect, test } from 'vitest';
import type { Connection, Notice } from '../../protocol/messages.ts';
import { afterNotices, afterPresence, nobody, noticesMax } from './people.ts';

const moment = '2026-11-20T18:03:11.246Z';

function connection(id: string, role: Connection['role'], who: string): Connection {
  return { id, role, who, door: 'socket.io', since: moment, lastSeen: moment };
}

const notice = (message: string, count = 1): Notice => ({
  time: moment,
  kind: 'refused',
  code: 'bad-message',
  message,
  door: 'socket.io',
  count,
});

test('applies a snapshot of presence, then changes', () => {
  const now = Date.parse(moment);
  const ana = connection('1', 'driver', 'ana');
  const red = connection('2', 'vendor', 'red');
  const before = afterPresence(nobody, { joined: [connection('0', 'admin', 'admin')] }, now);
  const all = afterPresence(before, { all: [ana, red] }, now);
  expect(all.people.map(({ who }) => who)).toEqual(['red', 'ana']);
  const news = { joined: [{ ...ana, duty: 'off' } as const, connection('3', 'driver', 'ben')], left: ['2'] };
  expect(afterPresence(all, news, now).people.map(({ who, duty }) => [who, duty])).toEqual([
    ['ana', 'off'],
    ['ben', undefined],
  ]);
});

test('derives the hub’s clock from the newest sign of life, and again from each snapshot', () => {
  const ana = connection('1', 'driver', 'ana');
  const ben = { ...connection('2', 'driver', 'ben'), lastSeen: '2026-11-20T18:03:10.000Z' };
  const now = Date.parse(moment);
  const first = afterPresence(nobody, { all: [ana, ben] }, now - 90_000);
  expect(first.aheadMs).toBe(90_000);
  // A change that was delayed, or an older sign of life, does not count.
  expect(afterPresence(first, { joined: [ben] }, now - 90_000).aheadMs).toBe(90_000);
  expect(afterPresence(first, { left: ['2'] }, now).aheadMs).toBe(90_000);
  expect(afterPresence(first, { all: [ana] }, now + 5_000).aheadMs).toBe(-5_000);
});

test('keeps a bounded number of notices, newest first, and counts repetitions', () => {
  let entries = afterNotices([], [notice('a'), notice('b'), notice('b', 3)]);
  expect(entries.map(({ message, count }) => [message, count])).toEqual([
    ['b', 4],
    ['a', 1],
  ]);
  for (let i = 0; i < noticesMax + 10; i += 1) entries = afterNotices(entries, [notice(`n${i}`)]);
  expect(entries).toHaveLength(noticesMax);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(noticesMax);
});
