/** Which of a file's columns is which of ours, as somebody chose it. */

import { safeLocalStorage } from '../../app/safe-storage.ts';
import { orderIdOf } from './import-id.ts';
import { type OrderField, orderFields } from './order-table.ts';

export interface ColumnMapping {
  /** Places of their columns; what is in several is joined in this order. None: the file does not say it. */
  readonly columns: Readonly<Record<OrderField, readonly number[]>>;
  /** Columns that are none of ours become further keys of the order, under their own names. */
  readonly keepsOthers: boolean;
  /** The first line names no columns: it is an order as well. */
  readonly isBare: boolean;
}

/** The file, and how many were read before it: what was ticked for one is not for the next. */
export interface SourceFile {
  readonly name: string;
  readonly place: number;
}

/** Whose columns are whose. */
export interface ColumnChoice {
  readonly headings: readonly string[];
  readonly mapping: ColumnMapping;
  /** What each of ours would say, from the first row that says it. */
  readonly samples: Readonly<Record<OrderField, string>>;
  /** How many columns are none of ours. */
  readonly others: number;
  /** None of the headings says anything to us: perhaps they are no headings. */
  readonly mayBeBare: boolean;
}

/** Whether a file is understood well enough to go on. */
export function isComplete({ columns }: ColumnMapping): boolean {
  return columns.customer.length > 0 && columns.address.length > 0;
}

/** Puts a column in a field, at a place; none takes it out. A column says one thing: it leaves where it was. */
export function withColumn(
  mapping: ColumnMapping,
  field: OrderField,
  place: number,
  at: number | undefined,
): ColumnMapping {
  const columns = { ...mapping.columns };
  for (const name of orderFields) columns[name] = columns[name].filter((one) => one !== at || name === field);
  const places = [...columns[field]];
  if (at === undefined) places.splice(place, 1);
  else places[place] = at;
  columns[field] = [...new Set(places)];
  return { ...mapping, columns };
}

/** The columns that are none of ours, and the keys that they would be kept under. */
export function othersOf(
  headings: readonly string[],
  { columns, isBare }: ColumnMapping,
): readonly { at: number; key: string }[] {
  if (isBare) return [];
  const ours = new Set(Object.values(columns).flat());
  const times = new Map<string, number>();
  return headings.flatMap((heading, at) => {
    if (heading === '' || ours.has(at) || isTaken(heading)) return [];
    const time = (times.get(heading) ?? 0) + 1;
    times.set(heading, time);
    // None of two that are called the same is lost.
    return [{ at, key: time === 1 ? heading : `${heading} (${time})` }];
  });
}

/** Names that an order has already, and the one that none may have. */
function isTaken(heading: string): boolean {
  return heading === 'store' || heading === '__proto__' || orderFields.some((name) => name === heading);
}

// ---- remembering ----

const memoryName = 'import-columns';
const memoryMax = 20;

/** What somebody chose for a file with these headings, in this browser. */
export function rememberedMapping(headings: readonly string[]): ColumnMapping | undefined {
  const key = headingsId(headings);
  const mapping = memory().find((one) => one.key === key)?.mapping;
  return isMapping(mapping, headings.length) ? mapping : undefined;
}

export function rememberMapping(headings: readonly string[], mapping: ColumnMapping): void {
  const key = headingsId(headings);
  const others = memory().filter((one) => one.key !== key);
  safeLocalStorage.write(memoryName, JSON.stringify([{ key, mapping }, ...others].slice(0, memoryMax)));
}

function memory(): { key: unknown; mapping: unknown }[] {
  try {
    const list: unknown = JSON.parse(safeLocalStorage.read(memoryName) ?? '[]');
    return Array.isArray(list) ? list.filter(isEntry) : [];
  } catch {
    // A SyntaxError: somebody else wrote there.
    return [];
  }
}

function isEntry(value: unknown): value is { key: unknown; mapping: unknown } {
  return typeof value === 'object' && value !== null && 'key' in value && 'mapping' in value;
}

function isMapping(value: unknown, width: number): value is ColumnMapping {
  if (typeof value !== 'object' || value === null || !('columns' in value)) return false;
  const { columns } = value;
  if (typeof columns !== 'object' || columns === null) return false;
  const lists = new Map(Object.entries(columns));
  return orderFields.every((name) => {
    const list: unknown = lists.get(name);
    return Array.isArray(list) && list.every((at) => Number.isInteger(at) && at >= 0 && at < width);
  });
}

function headingsId(headings: readonly string[]): string {
  return orderIdOf(JSON.stringify(headings), 0) + orderIdOf(JSON.stringify(headings), 1);
}
