/** Guesses from what stands in a column which field it is, where its heading does not tell. */

import { hubClock } from '../../app/hub-clock.ts';
import { readTimeText } from './date-text.ts';
import type { ColumnMapping } from './import-mapping.ts';
import type { OrderField } from './order-table.ts';
import type { CsvLine } from './read-csv.ts';

type Columns = ColumnMapping['columns'];

/** Of the cells that are not empty, this part has to look alike. */
const leastPart = 0.8;

/** What a cell of each field looks like; the surest first. */
const looks: readonly (readonly [OrderField, (cell: string) => boolean])[] = [
  ['email', (cell) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(cell)],
  ['dueAt', isDayToCome],
  [
    'phone',
    (cell) => !isDay(cell) && /^['+(]?\d[\d\s()./-]{6,}$/.test(cell) && cell.replace(/\D/g, '').length >= 7,
  ],
  ['orderID', (cell) => !isDay(cell) && /^[#\p{L}-]{0,6}\d[\p{L}\d-]*$/u.test(cell)],
  ['address', (cell) => /\p{L}{2}/u.test(cell) && /(^|\s)\d+[a-z]?([\s,/]|$)/i.test(cell)],
  ['customer', (cell) => /^\p{L}[\p{L}\s.,'’-]{2,60}$/u.test(cell)],
];

/** @returns the columns that headings tell, and for fields without one the first free column that looks like it */
export function withContents(columns: Columns, width: number, sample: readonly CsvLine[]): Columns {
  const taken = new Set(Object.values(columns).flat());
  const guessed: Record<OrderField, readonly number[]> = { ...columns };
  for (const [field, isLike] of looks) {
    if (guessed[field].length > 0) continue;
    const at = Array.from({ length: width }, (_, place) => place).find(
      (place) => !taken.has(place) && isMostly(sample, place, isLike),
    );
    if (at === undefined) continue;
    taken.add(at);
    guessed[field] = [at];
  }
  return guessed;
}

/** A day of the past is when something was ordered. */
function isDayToCome(cell: string): boolean {
  const day = dayOf(cell);
  return day !== undefined && day >= new Date(hubClock.now()).toISOString().slice(0, 10);
}

function isDay(cell: string): boolean {
  return dayOf(cell) !== undefined;
}

function dayOf(cell: string): string | undefined {
  return readTimeText(cell, 'dmy')?.day;
}

function isMostly(sample: readonly CsvLine[], at: number, isLike: (cell: string) => boolean): boolean {
  const cells = sample.map((line) => (line.cells[at] ?? '').trim()).filter((cell) => cell !== '');
  return cells.length > 0 && cells.filter(isLike).length >= cells.length * leastPart;
}
