/**
 * The one search grammar: words, and `event: store: driver: via: order:` terms; `-` before either excludes;
 * `"…"` keeps spaces together. All terms must hold. Terms and records meet in the spelling that `fold` brings both to.
 */

import { unreachable } from './errors.ts';
import type { EventName } from './events.ts';
import { fold, joinedNumber, joinedNumbers } from './fold.ts';
import type { CapsRecord, ParcelView } from './messages.ts';

export const searchFields = ['event', 'store', 'driver', 'via', 'order'] as const;
export type SearchField = (typeof searchFields)[number];

export interface Term {
  /** Undefined: any text of the record. */
  readonly field?: SearchField | undefined;
  /** As `termValue` spells it. */
  readonly value: string;
  readonly exclude: boolean;
}

const token = /(-?)(?:(event|store|driver|via|order):)?(?:"([^"]*)"|(\S+))/giu;

/** Never fails: what is no term is a word. */
export function parseSearch(text: string): Term[] {
  const terms: Term[] = [];
  for (const [, minus, field, quoted, bare] of text.matchAll(token)) {
    const known = searchFields.find((name) => name === field?.toLowerCase());
    const value = termValue(known, quoted ?? bare ?? '');
    if (value === '') continue;
    terms.push({ ...(known ? { field: known } : {}), value, exclude: minus === '-' });
  }
  return terms;
}

/** What is looked for where somebody asks for this text. */
export function termValue(field: SearchField | undefined, text: string): string {
  return field === undefined ? joinedNumber(fold(text)) : fold(text);
}

/** What a record must answer to. */
export interface RecordFilter {
  /** The record's event, exactly: the grammar's `event:` would also take a status of this name. */
  readonly event?: EventName | undefined;
  readonly terms: readonly Term[];
}

export function passes(record: CapsRecord, { event, terms }: RecordFilter): boolean {
  return (event === undefined || record.event === event) && matches(record, terms);
}

/** Whether a record answers to all terms. */
export function matches(record: CapsRecord, terms: readonly Term[]): boolean {
  let text: string | undefined;
  const textOnce = () => {
    text ??= textOf(record);
    return text;
  };
  return terms.every((term) => holds(record, term, textOnce) !== term.exclude);
}

/**
 * Whether a parcel as it is now answers to all terms: `event:` is its status, `driver:` its holder; it has no `via:`.
 * @param text its `parcelText`, kept by those who search the same parcels again and again
 */
export function matchesParcel(
  parcel: ParcelView,
  terms: readonly Term[],
  text: (parcel: ParcelView) => string = parcelText,
): boolean {
  return terms.every((term) => parcelHolds(parcel, term, text) !== term.exclude);
}

/** All that words are looked for in. */
export function parcelText({ payload, status, holder }: ParcelView): string {
  return searchable([status, holder?.id ?? '', holder?.name ?? '', ...textsIn(payload)]);
}

function parcelHolds(
  parcel: ParcelView,
  { field, value }: Term,
  text: (parcel: ParcelView) => string,
): boolean {
  const { payload, status, holder } = parcel;
  switch (field) {
    case 'event':
      return status === value;
    case 'store':
      return fold(payload.store) === value;
    case 'driver':
      return [holder?.id, holder?.name].some((name) => name !== undefined && fold(name) === value);
    case 'via':
      return false;
    case 'order':
      return fold(payload.orderID) === value;
    case undefined:
      return text(parcel).includes(value);
  }
}

function holds(record: CapsRecord, { field, value }: Term, text: () => string): boolean {
  return field === undefined ? text().includes(value) : valuesOf(record, field).includes(value);
}

/** What a record has in a field, folded: a term of this field holds where it is one of these. */
export function valuesOf(record: CapsRecord, field: SearchField): readonly string[] {
  switch (field) {
    case 'event':
      return [record.event, record.status];
    case 'store':
      return [fold(record.payload.store)];
    case 'driver':
      return driversOf(record).map(fold);
    case 'via':
      return [record.via];
    case 'order':
      return [fold(record.payload.orderID)];
    default:
      return unreachable(field);
  }
}

/** By, or about, whom it is, where that is a driver: the id, and the name if there is one. */
function driversOf({ by, details }: CapsRecord): string[] {
  const named = details?.['driver'];
  const name = details?.['name'];
  if (typeof named === 'string') return typeof name === 'string' ? [named, name] : [named];
  if (by.role !== 'driver') return [];
  return by.name ? [by.id, by.name] : [by.id];
}

/** All that words are looked for in; no word is found across the border of two texts. */
export function textOf(record: CapsRecord): string {
  const { event, payload, by, details } = record;
  return searchable([event, by.id, by.name ?? '', ...textsIn(payload), ...textsIn(details ?? {})]);
}

function textsIn(object: Readonly<Record<string, unknown>>): string[] {
  return Object.values(object).filter((value) => typeof value === 'string');
}

function searchable(texts: readonly string[]): string {
  const text = fold(texts.join('\u0000'));
  return text + joinedNumbers(text);
}
