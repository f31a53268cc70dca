import { expect, it } from 'vitest';
import type { Connection, ParcelView } from '../../../protocol/messages.ts';
import { BoardRows } from './board-rows.ts';
import { driversOf, matchingDrivers, rowsByDriver } from './drivers.ts';

const noon = '2026-11-30T12:00:00.000Z';
const now = Date.parse(noon);

function connection(who: string, change: Partial<Connection> = {}): Connection {
  return {
    id: `${who} ${change.door}`,
    role: 'driver',
    who,
    door: 'socket.io',
    since: noon,
    lastSeen: noon,
    ...change,
  };
}

function columnsOf(...holders: readonly (ParcelView['holder'] | undefined)[]) {
  const rows = new BoardRows();
  holders.forEach((holder, i) => {
    const payload = { store: 'red', orderID: String(i), customer: 'Hulda', address: '9 Elm Street' };
    const status = holder ? ('claimed' as const) : ('ready' as const);
    rows.addView({ payload, status, holder, rev: 1, attempts: 0, createdAt: noon, changedAt: noon });
  });
  return rows.columns(now);
}

it('lists those on duty first, each with what it holds', () => {
  const people = [
    connection('zoe', { duty: 'on', name: 'Zoe' }),
    connection('ben', { duty: 'off' }),
    connection('ben', { duty: 'on', door: 'tcp' }),
    connection('ida', { duty: 'off' }),
    connection('red', { role: 'vendor' }),
  ];
  const columns = columnsOf({ id: 'zoe' }, { id: 'zoe' }, { id: 'ulf', name: 'Ulf' }, undefined);
  const drivers = driversOf({ people, aheadMs: 0 }, columns, new Map([['ulf', now - 5]]));
  expect(drivers.map(({ name, duty, load }) => [name, duty, load])).toEqual([
    ['ben', 'on', 0],
    ['Zoe', 'on', 2],
    ['ida', 'off', 0],
    ['Ulf', 'away', 1],
  ]);
  expect(drivers.map(({ lastSign }) => lastSign)).toEqual([now, now, now, now - 5]);
});

it('groups parcels by driver, and those of nobody', () => {
  const groups = rowsByDriver(columnsOf({ id: 'zoe' }, undefined, { id: 'zoe' }));
  expect([...groups].map(([id, rows]) => [id, rows.length])).toEqual([
    ['', 1],
    ['zoe', 2],
  ]);
});

it('finds drivers by a few letters of name or id, those that begin with them first', () => {
  const people = ['joanna', 'Ana', 'ben'].map((who) => connection(who));
  const drivers = driversOf({ people, aheadMs: 0 }, columnsOf(), new Map());
  expect(matchingDrivers(drivers, ' an').map(({ id }) => id)).toEqual(['Ana', 'joanna']);
  expect(matchingDrivers(drivers, '')).toBe(drivers);
  expect(matchingDrivers(drivers, 'xy')).toEqual([]);
});
