/** The index in chunks of neighbouring records: one that is still being filled, and what is asked of any. */

import type { CapsRecord } from '../../../protocol/messages.ts';
import type { Count } from '../store.ts';
import {
  type Bits,
  bitsOf,
  chunkSize,
  countOf,
  drop,
  isEmpty,
  keep,
  placesIn,
  rangeBits,
} from './postings.ts';
import { fieldsOf, gramsOf, type WantedTerms } from './terms.ts';

/** In one chunk, so that records of much text do not need much memory. */
export const postingsMax = 500_000;

/** What one chunk takes. */
export interface ChunkLimits {
  /** At most `chunkSize`. */
  readonly recordsMax: number;
  readonly postingsMax: number;
}

export interface Chunk {
  /** Seqs. It is empty while `last` lies before `first`. */
  readonly first: number;
  readonly last: number;
  /** Which of its records have this; undefined: none. */
  gram(gram: number): Bits | undefined;
  field(term: string): Bits | undefined;
}

/** In memory, while it is filled and until it is in the file. */
export class OpenChunk implements Chunk {
  readonly first: number;
  readonly grams = new Map<number, number[]>();
  readonly fields = new Map<string, number[]>();
  #count = 0;
  readonly #limits: ChunkLimits;
  #postings = 0;

  constructor(first: number, limits: ChunkLimits = { recordsMax: chunkSize, postingsMax }) {
    this.#limits = limits;
    this.first = first;
  }

  get last(): number {
    return this.first + this.#count - 1;
  }

  get isFull(): boolean {
    return this.#count === this.#limits.recordsMax || this.#postings >= this.#limits.postingsMax;
  }

  /** @param drivers who hold or held its parcel as of it */
  add(record: CapsRecord, drivers: readonly string[]): void {
    const place = this.#count;
    this.#count += 1;
    for (const term of fieldsOf(record, drivers)) this.#put(this.fields, term, place);
    for (const gram of gramsOf(record)) this.#put(this.grams, gram, place);
  }

  /** For a record that is damaged: nothing is known of it, and nothing finds it. */
  skip(): void {
    this.#count += 1;
  }

  #put<K>(places: Map<K, number[]>, key: K, place: number): void {
    const known = places.get(key);
    if (known === undefined) places.set(key, [place]);
    else if (known[known.length - 1] === place) return;
    else known.push(place);
    this.#postings += 1;
  }

  gram(gram: number): Bits | undefined {
    const places = this.grams.get(gram);
    return places && bitsOf(places);
  }

  field(term: string): Bits | undefined {
    const places = this.fields.get(term);
    return places && bitsOf(places);
  }
}

export interface Stretch {
  /** Seqs after `low` and up to `high`. */
  readonly low: number;
  readonly high: number;
}

/** Says whether the record at this seq answers to all of a search. */
export type Confirm = (seq: number) => boolean;

/**
 * Looks for records chunk by chunk, and gives way again and again.
 * @param isLate asked in between; once it is true, what was found is all
 * @returns the seqs in the order of the search, and the last place that was looked at; undefined for all of them
 */
export function* seek(
  chunks: readonly Chunk[],
  wanted: WantedTerms,
  { low, high, forwards, limit }: Stretch & { readonly forwards: boolean; readonly limit: number },
  confirm: Confirm,
  isLate: () => boolean,
): Generator<void, { seqs: number[]; place: number | undefined }> {
  const seqs: number[] = [];
  for (const chunk of forwards ? chunks : chunks.toReversed()) {
    const found = candidates(chunk, wanted, { low, high });
    const places = found ? placesIn(found) : [];
    for (const place of forwards ? places : places.reverse()) {
      const seq = chunk.first + place;
      if (wanted.exact || confirm(seq)) seqs.push(seq);
      if (seqs.length === limit || isLate()) return { seqs, place: seq };
      if (!wanted.exact) yield;
    }
    yield;
  }
  return { seqs, place: undefined };
}

/** How many there are; of those that have to be confirmed, no more than `max` and until it is late. */
export function* count(
  chunks: readonly Chunk[],
  wanted: WantedTerms,
  stretch: Stretch,
  { confirm, isLate, max }: { confirm: Confirm; isLate: () => boolean; max: number },
): Generator<void, Count> {
  let counted = 0;
  // The newest first, as they are looked for.
  for (const chunk of chunks.toReversed()) {
    const found = candidates(chunk, wanted, stretch);
    if (found && wanted.exact) counted += countOf(found);
    else {
      for (const place of found ? placesIn(found) : []) {
        if (confirm(chunk.first + place)) counted += 1;
        if (counted > max) return { count: max, exact: false };
        if (isLate()) return { count: counted, exact: false };
        yield;
      }
    }
    yield;
  }
  return { count: counted, exact: true };
}

/** The records of a chunk and stretch that have all that is wanted; undefined: none. */
function candidates(
  chunk: Chunk,
  { fields, not, grams }: WantedTerms,
  { low, high }: Stretch,
): Bits | undefined {
  const [first, last] = [Math.max(chunk.first, low + 1), Math.min(chunk.last, high)];
  if (first > last) return undefined;
  const bits = rangeBits(first - chunk.first, last - chunk.first);
  for (const term of fields) if (!narrow(bits, chunk.field(term))) return undefined;
  for (const gram of grams) if (!narrow(bits, chunk.gram(gram))) return undefined;
  for (const term of not) {
    const those = chunk.field(term);
    if (those) drop(bits, those);
  }
  return isEmpty(bits) ? undefined : bits;
}

/** @returns whether anything is left */
function narrow(bits: Bits, those: Bits | undefined): boolean {
  if (!those) return false;
  keep(bits, those);
  return !isEmpty(bits);
}
