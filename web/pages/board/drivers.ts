/** The drivers that dispatch may choose from: those who are connected, and those who hold open parcels. */

import type { Connection } from '../../../protocol/messages.ts';
import type { ConnectedPeople } from '../../dispatch/people.ts';
import { type BoardRow, byUrgency, type Columns } from './board-rows.ts';
import { columnNames } from './columns.ts';

export interface BoardDriver {
  readonly id: string;
  readonly name: string;
  /** Number of open parcels in hand. */
  readonly load: number;
  /** `away`: not connected. */
  readonly duty: 'on' | 'off' | 'away';
  /** The last sign of life, in milliseconds since 1970 by the hub's clock; undefined if this page has seen none. */
  readonly lastSign: number | undefined;
}

const dutyOrder: Readonly<Record<BoardDriver['duty'], number>> = { on: 0, off: 1, away: 2 };

/**
 * Those on duty first, then by name.
 * @param signs when each driver last did something, in milliseconds since 1970
 */
export function driversOf(
  { people, aheadMs }: ConnectedPeople,
  columns: Columns,
  signs: ReadonlyMap<string, number>,
): readonly BoardDriver[] {
  const drivers = new Map<string, BoardDriver>();
  const change = (id: string, next: (before: BoardDriver) => Partial<BoardDriver>): void => {
    const before = drivers.get(id) ?? { id, name: id, load: 0, duty: 'away', lastSign: signs.get(id) };
    drivers.set(id, { ...before, ...next(before) });
  };
  for (const person of people) if (person.role === 'driver') change(person.who, connected(person, aheadMs));
  for (const { view } of allRows(columns)) {
    const { holder } = view;
    if (!holder) continue;
    change(holder.id, ({ id, name, load }) => ({
      load: load + 1,
      name: name === id ? (holder.name ?? id) : name,
    }));
  }
  return [...drivers.values()].sort(
    (a, b) => dutyOrder[a.duty] - dutyOrder[b.duty] || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1),
  );
}

/** One of a driver's connections. Who is on duty on any of them is on duty. */
function connected(
  { name, duty = 'on', lastSeen }: Connection,
  aheadMs: number,
): (before: BoardDriver) => Partial<BoardDriver> {
  const sign = Date.parse(lastSeen) - aheadMs;
  return (before) => ({
    name: name ?? before.name,
    duty: before.duty === 'on' ? 'on' : duty,
    lastSign: Math.max(before.lastSign ?? sign, sign),
  });
}

function allRows(columns: Columns): BoardRow[] {
  return columnNames.flatMap((name) => columns[name]);
}

/** The parcels of each driver, and under the empty id those of nobody; in each, what is due first. */
export function rowsByDriver(columns: Columns): ReadonlyMap<string, readonly BoardRow[]> {
  const rows = new Map<string, BoardRow[]>();
  for (const row of allRows(columns)) {
    const id = row.view.holder?.id ?? '';
    const own = rows.get(id);
    if (own) own.push(row);
    else rows.set(id, [row]);
  }
  for (const own of rows.values()) own.sort(byUrgency);
  return rows;
}

/** Those whose name or id has these letters; first those that begin with them. */
export function matchingDrivers(drivers: readonly BoardDriver[], typed: string): readonly BoardDriver[] {
  const letters = typed.trim().toLocaleLowerCase();
  if (letters === '') return drivers;
  const begins = ({ id, name }: BoardDriver) => [id, name].some((text) => lower(text).startsWith(letters));
  const has = ({ id, name }: BoardDriver) => [id, name].some((text) => lower(text).includes(letters));
  return [...drivers.filter(begins), ...drivers.filter((driver) => !begins(driver) && has(driver))];
}

function lower(text: string): string {
  return text.toLocaleLowerCase();
}
