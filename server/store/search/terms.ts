/**
 * What records are indexed by, and what a search asks the index for. The grammar is `protocol/search.ts`'s: whatever
 * answers to it must have all that is asked for here.
 */

import type { CapsRecord } from '../../../protocol/messages.ts';
import { type RecordFilter, searchFields, textOf, valuesOf } from '../../../protocol/search.ts';
import type { Seeing } from '../store.ts';

/**
 * What a record is found by exactly: `event:delivered`, `store:red` …, and for whom it is.
 * @param drivers who hold or held its parcel as of it
 */
export function fieldsOf(record: CapsRecord, drivers: readonly string[]): Set<string> {
  const fields = searchFields.flatMap((field) => valuesOf(record, field).map((value) => `${field}:${value}`));
  const seeing = [{ store: record.payload.store }, ...drivers.map((driver) => ({ driver }))].map(seenAs);
  return new Set([...fields, exactly(record.event), ...seeing]);
}

/** The record's texts, as they are cut into three characters each: any one or two of them begin three. */
export function indexedText(record: CapsRecord): string {
  return `${plain(textOf(record))}${blank}${blank}`;
}

/** Each is looked for in all that is found; what is left of them is for whoever looks at the records. */
const notMax = 32;

export interface WantedParts {
  readonly fields: readonly string[];
  /** Must not be there. */
  readonly not: readonly string[];
  /** Pieces of text, of one character or more. */
  readonly pieces: readonly string[];
  /** Whether every record that has these answers to the search: there are no words in it. */
  readonly exact: boolean;
}

export function wantedBy({ event, terms }: RecordFilter, seenBy?: Seeing): WantedParts {
  const fields = event === undefined ? [] : [exactly(event)];
  if (seenBy) fields.push(seenAs(seenBy));
  const not: string[] = [];
  const pieces: string[] = [];
  let exact = true;
  for (const { field, value, exclude } of terms) {
    // Half of a surrogate pair would be asked for as another character.
    if (field !== undefined && value.isWellFormed()) (exclude ? not : fields).push(`${field}:${value}`);
    else exact = false;
    if (field === undefined && !exclude)
      pieces.push(
        ...plain(value)
          .split(halves)
          .filter((piece) => piece !== ''),
      );
  }
  return { fields, not: not.slice(0, notMax), pieces, exact: exact && not.length <= notMax };
}

/** No field is called so. */
function exactly(event: string): string {
  return `=${event}`;
}

/** As it is, where the grammar's `store:` and `driver:` are folded: whose two ids are spelt alike see their own alone. */
function seenAs(by: Seeing): string {
  return 'store' in by ? `=store:${by.store}` : `=driver:${by.driver}`;
}

const blank = '\u0001';
const halves = /\p{Surrogate}/u;

/** Without what FTS5 changes or takes for a text's end, and without the private characters that fields are written in. */
function plain(text: string): string {
  return text.replace(/[\0\ufffe\uffff\udb80-\udbff]/g, blank);
}
