/**
 * What records are indexed by, and what a search asks the index for. The grammar is `protocol/search.ts`'s: whatever
 * answers to it must have all that is asked for here.
 */

import type { CapsRecord } from '../../../protocol/messages.ts';
import { type RecordFilter, searchFields, textOf, valuesOf } from '../../../protocol/search.ts';
import type { Seeing } from '../store.ts';

/** Of any three characters a number below this. Those of ASCII have one each; others may share theirs. */
export const gramsMax = 2 ** 22;
const asciiGrams = 2 ** 21;
/** Of all words together: more of them take longer to look up than they narrow. */
const gramsAskedMax = 24;

/**
 * What a record is found by exactly: `event:delivered`, `store:red` …, and for whom it is.
 * @param drivers who hold or held its parcel as of it
 */
export function fieldsOf(record: CapsRecord, drivers: readonly string[]): Set<string> {
  const fields = searchFields.flatMap((field) => valuesOf(record, field).map((value) => `${field}:${value}`));
  const seeing = [{ store: record.payload.store }, ...drivers.map((driver) => ({ driver }))].map(seenAs);
  return new Set([...fields, exactly(record.event), ...seeing]);
}

/** The three characters at each place of the record's texts, with repetitions: every word of three or more has its own. */
export function gramsOf(record: CapsRecord): readonly number[] {
  return gramsIn(textOf(record));
}

export interface WantedTerms {
  readonly fields: readonly string[];
  /** Must not be there. */
  readonly not: readonly string[];
  readonly grams: readonly number[];
  /** Whether every record that has these answers to the search: there are no words in it. */
  readonly exact: boolean;
}

export function wantedTerms({ event, terms }: RecordFilter, seenBy?: Seeing): WantedTerms {
  const fields = event === undefined ? [] : [exactly(event)];
  if (seenBy) fields.push(seenAs(seenBy));
  const not: string[] = [];
  const grams = new Set<number>();
  let exact = true;
  for (const { field, value, exclude } of terms) {
    // Half of a surrogate pair would be asked for as another character.
    if (field !== undefined && value.isWellFormed()) (exclude ? not : fields).push(`${field}:${value}`);
    else exact = false;
    if (field === undefined && !exclude) for (const gram of gramsIn(value)) grams.add(gram);
  }
  return { fields, not, grams: spread([...grams], gramsAskedMax), exact };
}

/** No field is called so. */
function exactly(event: string): string {
  return `=${event}`;
}

/** As it is, where the grammar's `store:` and `driver:` are folded: whose two ids are spelt alike see their own alone. */
function seenAs(by: Seeing): string {
  return 'store' in by ? `=store:${by.store}` : `=driver:${by.driver}`;
}

/** By UTF-16 units, as `includes` compares them. */
function gramsIn(text: string): number[] {
  const grams: number[] = [];
  let [first, second] = [text.charCodeAt(0), text.charCodeAt(1)];
  for (let i = 2; i < text.length; i += 1) {
    const third = text.charCodeAt(i);
    grams.push(gramOf(first, second, third));
    first = second;
    second = third;
  }
  return grams;
}

function gramOf(first: number, second: number, third: number): number {
  if ((first | second | third) < 128) return (first << 14) | (second << 7) | third;
  const mixed = Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b) ^ third;
  return asciiGrams + (Math.imul(mixed, 0xc2b2ae35) >>> 11);
}

/** As many as there may be, from all over. */
function spread(grams: readonly number[], max: number): number[] {
  const step = Math.max(1, grams.length / max);
  return grams.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}
