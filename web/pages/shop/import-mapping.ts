/** The assignment of a file's columns to our fields. */

import { coordinateFields } from '../../../protocol/coordinates.ts';
import { safeLocalStorage } from '../../app/safe-storage.ts';
import type { DayOrder } from './date-text.ts';
import { orderIdOf } from './import-id.ts';
import { placeColumns } from './import-place.ts';
import { type OrderField, orderFields } from './order-table.ts';

export interface ColumnMapping {
  /** Indexes of the columns of each field, joined in this order; empty if the file has none. */
  readonly columns: Readonly<Record<OrderField, readonly number[]>>;
  /** Whether other columns become further keys of the order, under their own names. */
  readonly keepsOthers: boolean;
  /** The first line has no headings: it is an order. */
  readonly isBare: boolean;
  /** How 03/04/2026 is meant, if the file does not tell. */
  readonly dayOrder?: DayOrder | undefined;
}

/** The file, and its number, which resets the form for the next file. */
export interface SourceFile {
  readonly name: string;
  readonly place: number;
}

/** State of the form that assigns columns. */
export interface ColumnChoice {
  readonly headings: readonly string[];
  readonly mapping: ColumnMapping;
  /** A sample for each field, from the first row that has it. */
  readonly samples: Readonly<Record<OrderField, string>>;
  /** Number of columns that belong to no field. */
  readonly others: number;
  /** No heading is known, so the first line may be an order. */
  readonly mayBeBare: boolean;
  /** A day of the file that may be either, 03/04/2026; undefined if the file tells how its days are meant. */
  readonly eitherDay: string | undefined;
}

/** Whether the required fields are assigned, and days that may be either are said to be one. */
export function isComplete({ columns, dayOrder }: ColumnMapping, eitherDay: string | undefined): boolean {
  const isClear = eitherDay === undefined || dayOrder !== undefined;
  return columns.customer.length > 0 && columns.address.length > 0 && isClear;
}

/** Assigns a column to a field, or removes one (`at` undefined). A column belongs to one field only. */
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

/** @returns the columns that belong to no field, and their keys */
export function othersOf(
  headings: readonly string[],
  { columns, isBare }: ColumnMapping,
): readonly { at: number; key: string }[] {
  if (isBare) return [];
  const ours = new Set([...Object.values(columns).flat(), ...placeColumns(headings).map(({ at }) => at)]);
  const times = new Map<string, number>();
  return headings.flatMap((heading, at) => {
    if (heading === '' || ours.has(at) || isTaken(heading)) return [];
    const time = (times.get(heading) ?? 0) + 1;
    times.set(heading, time);
    // Keep both of two columns with the same heading.
    return [{ at, key: time === 1 ? heading : `${heading} (${time})` }];
  });
}

/** Names of fields, and `__proto__`, which must not be a key. */
function isTaken(heading: string): boolean {
  return ['store', '__proto__', ...orderFields, ...coordinateFields].some((name) => name === heading);
}

// ---- remembering ----

const memoryName = 'import-columns';
const memoryMax = 20;

/** @returns the mapping that was chosen in this browser for these headings of a shop's files */
export function rememberedMapping(store: string, headings: readonly string[]): ColumnMapping | undefined {
  const key = headingsId(store, headings);
  const mapping = withAllFields(memory().find((one) => one.key === key)?.mapping);
  return isMapping(mapping, headings.length) ? mapping : undefined;
}

export function rememberMapping(store: string, headings: readonly string[], mapping: ColumnMapping): void {
  const key = headingsId(store, headings);
  const others = memory().filter((one) => one.key !== key);
  safeLocalStorage.write(memoryName, JSON.stringify([{ key, mapping }, ...others].slice(0, memoryMax)));
}

function memory(): { key: unknown; mapping: unknown }[] {
  try {
    const list: unknown = JSON.parse(safeLocalStorage.read(memoryName) ?? '[]');
    return Array.isArray(list) ? list.filter(isEntry) : [];
  } catch {
    // SyntaxError: the stored value is not ours.
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

/** A mapping of an earlier version knows fewer fields. */
function withAllFields(mapping: unknown): unknown {
  if (typeof mapping !== 'object' || mapping === null || !('columns' in mapping)) return undefined;
  const { columns } = mapping;
  if (typeof columns !== 'object') return undefined;
  return { ...mapping, columns: { notBefore: [], email: [], ...columns } };
}

function headingsId(store: string, headings: readonly string[]): string {
  const text = JSON.stringify([store, ...headings]);
  return orderIdOf(text, 0) + orderIdOf(text, 1);
}
