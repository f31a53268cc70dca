/**
 * The one search grammar: words, and `event: store: driver: via: order:` terms; `-` before either excludes, `"…"` keeps
 * spaces together. All terms must hold. `fold` normalizes the spelling of terms and records. `is:open` and `is:late` say
 * how a parcel is now, so no event has them.
 */

import { unreachable } from './errors.ts';
import { type EventName, isFinished, type Status } from './events.ts';
import { fold, joinedNumber, joinedNumbers } from './fold.ts';
import { isLate, isToCome } from './lateness.ts';
import type { CapsRecord, ParcelView } from './messages.ts';

export const searchFields = ['event', 'store', 'driver', 'via', 'order'] as const;
export type SearchField = (typeof searchFields)[number];

/** What a parcel can be now. */
export const parcelStates = ['open', 'late'] as const;

export interface Term {
  /** Undefined: searches all texts of the record. `is`: one of `parcelStates`. */
  readonly field?: SearchField | 'is' | undefined;
  /** Normalized by `termValue`. */
  readonly value: string;
  readonly exclude: boolean;
}

const token = /(-?)(?:(event|store|driver|via|order|is(?=:(?:open|late)(?:\s|$))):)?(?:"([^"]*)"|(\S+))/giu;

const termFields = [...searchFields, 'is'] as const;

/** Never fails: it reads an invalid term as a word. */
export function parseSearch(text: string): Term[] {
  const terms: Term[] = [];
  for (const [, minus, field, quoted, bare] of text.matchAll(token)) {
    const known = termFields.find((name) => name === field?.toLowerCase());
    const value = termValue(known, quoted ?? bare ?? '');
    if (value === '') continue;
    terms.push({ ...(known ? { field: known } : {}), value, exclude: minus === '-' });
  }
  return terms;
}

/** Normalizes a term's text to what the search compares. */
export function termValue(field: Term['field'], text: string): string {
  return field === undefined ? joinedNumber(fold(text)) : fold(text);
}

export interface RecordFilter {
  /** Exactly this event. The grammar's `event:` also matches a status of this name. */
  readonly event?: EventName | undefined;
  readonly terms: readonly Term[];
}

export function passes(record: CapsRecord, { event, terms }: RecordFilter): boolean {
  return (event === undefined || record.event === event) && matches(record, terms);
}

/** @returns whether all terms hold for the record */
export function matches(record: CapsRecord, terms: readonly Term[]): boolean {
  let text: string | undefined;
  const textOnce = () => {
    text ??= textOf(record);
    return text;
  };
  return terms.every((term) => holds(record, term, textOnce) !== term.exclude);
}

/**
 * Matches a parcel's current state: `event:` is its status, `driver:` its holder, and `via:` never matches.
 *
 * @param now milliseconds since 1970: lateness comes without an event
 * @param text gives its `parcelText`; a cache, for repeated searches of the same parcels
 */
export function matchesParcel(
  parcel: ParcelView,
  terms: readonly Term[],
  now: number,
  text: (parcel: ParcelView) => string = parcelText,
): boolean {
  return terms.every((term) => parcelHolds(parcel, term, now, text) !== term.exclude);
}

/** Those of these statuses that the terms leave. */
export function statusesLeft(given: readonly Status[], terms: readonly Term[]): readonly Status[] {
  const allows = (status: Status, { field, value, exclude }: Term): boolean => {
    if (field === 'event') return exclude || status === value;
    if (field !== 'is') return true;
    if (value === 'open') return isFinished(status) === exclude;
    return exclude || isToCome(status);
  };
  return given.filter((status) => terms.every((term) => allows(status, term)));
}

/** @returns whether the terms say how a parcel is now, which no event does */
export function areOfParcels(terms: readonly Term[]): boolean {
  return terms.some(({ field }) => field === 'is');
}

/** The text in which a search for words looks. */
export function parcelText({ payload, status, holder }: ParcelView): string {
  return searchable([status, holder?.id ?? '', holder?.name ?? '', ...textsIn(payload)]);
}

function parcelHolds(
  parcel: ParcelView,
  { field, value }: Term,
  now: number,
  text: (parcel: ParcelView) => string,
): boolean {
  const { payload, status, holder } = parcel;
  switch (field) {
    case 'is':
      return value === 'open' ? !isFinished(status) : isLate(parcel, now);
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
  if (field === undefined) return text().includes(value);
  return field !== 'is' && valuesOf(record, field).includes(value);
}

/** The record's folded values of a field: a term holds if its value is one of them. */
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

/** The driver whom the record names, else the driver who acted: id and, if set, name. */
function driversOf({ by, details }: CapsRecord): string[] {
  const named = details?.['driver'];
  const name = details?.['name'];
  if (typeof named === 'string') return typeof name === 'string' ? [named, name] : [named];
  if (by.role !== 'driver') return [];
  return by.name ? [by.id, by.name] : [by.id];
}

/** The text in which a search for words looks. No match spans two of the record's texts. */
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
