/**
 * What records are indexed by, and what a search asks the index for. A record that matches by the grammar of
 * `protocol/search.ts` has everything that is asked for here.
 */

import type { CapsRecord } from '../../../protocol/messages.ts';
import { utcDayOf } from '../../../protocol/planned.ts';
import { type RecordFilter, searchFields, textOf, valuesOf } from '../../../protocol/search.ts';
import type { IndexQuery, IndexScope } from '../search-index.ts';

/**
 * Exact fields: `event:delivered`, `store:red` …, and those who may see the record.
 * @param drivers current and past holders as of the record
 */
export function fieldsOf(record: CapsRecord, drivers: readonly string[]): Set<string> {
  const fields = searchFields.flatMap((field) => valuesOf(record, field).map((value) => `${field}:${value}`));
  const seeing = [{ store: record.payload.store }, ...drivers.map((driver) => ({ driver }))].map(seenAs);
  return new Set([...fields, exactly(record.event), ...seeing, ...daysIn(record).map(meantFor)]);
}

/** Days of UTC that an order may be meant for, as of this record. */
function daysIn({ event, payload, time }: CapsRecord): string[] {
  if (event !== 'pickup' && event !== 'amended') return [];
  // Its window may be taken away later.
  const placed = event === 'pickup' ? [time] : [];
  return [payload.dueAt ?? payload.notBefore ?? [], ...placed]
    .flat()
    .map((moment) => Date.parse(moment))
    .filter((moment) => !Number.isNaN(moment))
    .map(utcDayOf);
}

/** The record's texts, padded so that every one or two characters begin a trigram. */
export function indexedText(record: CapsRecord): string {
  return `${plain(textOf(record))}${blank}${blank}`;
}

/** Excluded terms that the index checks; the rest is checked on the records. */
const notMax = 32;

export interface SearchParts {
  readonly fields: readonly string[];
  /** Must not match. */
  readonly not: readonly string[];
  /** One of these must match, unless there are none. */
  readonly anyOf: readonly string[];
  /** Substrings of one character or more. */
  readonly pieces: readonly string[];
  /** Whether the index alone decides: the search contains no words. */
  readonly exact: boolean;
}

export function wantedBy(
  { event, terms }: RecordFilter,
  { seenBy, days = [] }: Pick<IndexQuery, 'seenBy' | 'days'> = {},
): SearchParts {
  const fields = event === undefined ? [] : [exactly(event)];
  if (seenBy) fields.push(seenAs(seenBy));
  const not: string[] = [];
  const pieces: string[] = [];
  let exact = true;
  for (const { field, value, exclude } of terms) {
    // No record says how its parcel is now.
    if (field === 'is') {
      exact = false;
      continue;
    }
    // The index would take half a surrogate pair for another character.
    if (field !== undefined && value.isWellFormed()) (exclude ? not : fields).push(`${field}:${value}`);
    else exact = false;
    if (field === undefined && !exclude)
      pieces.push(
        ...plain(value)
          .split(halves)
          .filter((piece) => piece !== ''),
      );
  }
  const anyOf = days.map(meantFor);
  return { fields, anyOf, not: not.slice(0, notMax), pieces, exact: exact && not.length <= notMax };
}

function meantFor(day: string): string {
  return `=day:${day}`;
}

/** Matches no field. */
function exactly(event: string): string {
  return `=${event}`;
}

/** Not folded, unlike the grammar's `store:` and `driver:`: ids that fold alike must not see each other's records. */
function seenAs(by: IndexScope): string {
  return 'store' in by ? `=store:${by.store}` : `=driver:${by.driver}`;
}

const blank = '\u0001';
const halves = /\p{Surrogate}/u;

/** Without characters that FTS5 changes or treats as an end, and without those of field codes. */
function plain(text: string): string {
  return text.replace(/[\0\ufffe\uffff\udb80-\udbff]/g, blank);
}
