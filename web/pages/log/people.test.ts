import { expect, test } from 'vitest';
import type { Connection, Notice } from '../../../protocol/messages.ts';
import { afterNotices, afterPresence, noticesMax } from './people.ts';

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

test('presence is a snapshot, then who came, changed and went', () => {
  const ana = connection('1', 'driver', 'ana');
  const red = connection('2', 'vendor', 'red');
  const all = afterPresence([connection('0', 'admin', 'admin')], { all: [ana, red] });
  expect(all.map(({ who }) => who)).toEqual(['red', 'ana']);
  const later = afterPresence(all, {
    joined: [{ ...ana, duty: 'off' }, connection('3', 'driver', 'ben')],
    left: ['2'],
  });
  expect(later.map(({ who, duty }) => [who, duty])).toEqual([
    ['ana', 'off'],
    ['ben', undefined],
  ]);
});

test('notices are bounded, newest first, and a repeated one is counted', () => {
  let entries = afterNotices([], [notice('a'), notice('b'), notice('b', 3)]);
  expect(entries.map(({ message, count }) => [message, count])).toEqual([
    ['b', 4],
    ['a', 1],
  ]);
  for (let i = 0; i < noticesMax + 10; i += 1) entries = afterNotices(entries, [notice(`n${i}`)]);
  expect(entries).toHaveLength(noticesMax);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(noticesMax);
});
