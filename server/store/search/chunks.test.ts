import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventNames, statuses } from '../../../protocol/events.ts';
import { type CapsRecord, doorNames } from '../../../protocol/messages.ts';
import { parseSearch, passes, type RecordFilter } from '../../../protocol/search.ts';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { type Chunk, count, OpenChunk, seek } from './chunks.ts';
import { openSearchFile } from './file.ts';
import { chunkSize, countOf, packed, placesIn, rangeBits, unpacked } from './postings.ts';
import { wantedTerms } from './terms.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = memoryFolder();
  path = join(folder, 'search.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Few and strange enough to meet each other: letters whose cases are not one to one, halves of pairs, borders. */
const letters = [...'aAbBß"ΣσςİiıẞéÉ\u0301\u00ad\u00a0😀 -:1234\u0000\ud83d'].map((letter) =>
  fc.constant(letter),
);
const text = fc.string({ unit: fc.oneof(...letters), maxLength: 10 });
const id = fc.constantFrom('red', 'Red', 'ana', 'ab', 'straße', 'ΑΣ');
const record: fc.Arbitrary<Omit<CapsRecord, 'seq'>> = fc.record({
  event: fc.constantFrom(...eventNames),
  status: fc.constantFrom(...statuses),
  via: fc.constantFrom(...doorNames, 'hub' as const),
  time: fc.constant('2026-11-20T18:03:11.246Z'),
  rev: fc.constant(1),
  payload: fc.record({ store: id, orderID: id, customer: text, address: text, weight: fc.integer() }),
  details: fc.option(fc.record({ driver: id, name: text }, { requiredKeys: [] }), { nil: undefined }),
  by: fc.oneof(
    fc.record({ role: fc.constant('driver' as const), id, name: fc.option(text, { nil: undefined }) }),
    fc.record({ role: fc.constant('admin' as const), id }),
  ),
});
const value = fc.oneof(text, id, fc.constantFrom(...eventNames, ...statuses, ...doorNames));
const term = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.constantFrom('', '', 'event:', 'store:', 'driver:', 'via:', 'order:'),
    value,
  )
  .map(([minus, field, one]) => `${minus}${field}"${one.replaceAll('"', '')}"`);
const query = fc.oneof(
  fc.array(term, { maxLength: 3 }).map((terms) => terms.join(' ')),
  text,
);

function finished<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value: result } = work.next();
    if (done) return result;
  }
}
const never = () => false;

function chunksOf(records: readonly CapsRecord[], size: number): OpenChunk[] {
  const chunks: OpenChunk[] = [];
  for (const one of records) {
    if ((one.seq - 1) % size === 0) chunks.push(new OpenChunk(one.seq));
    chunks.at(-1)?.add(one, []);
  }
  return chunks;
}

describe('an index of chunks', () => {
  it('finds and counts what a look at every record finds, whatever was typed', () => {
    const file = openSearchFile(path, { epoch: 'a', head: 0 }, true);
    let base = 0;
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 12 }),
        fc.array(query, { minLength: 1, maxLength: 6 }),
        fc.option(fc.constantFrom(...eventNames), { nil: undefined }),
        fc.nat(12),
        fc.nat(12),
        fc.boolean(),
        (drawn, queries, event, low, high, forwards) => {
          const records = drawn.map((one, i) => ({ ...one, seq: base + i + 1 }));
          const inMemory = chunksOf(
            records.map((one) => ({ ...one, seq: one.seq - base })),
            5,
          );
          const chunk = new OpenChunk(base + 1);
          for (const one of records) chunk.add(one, []);
          finished(file.write(chunk));
          const inFile = file.chunks.slice(-1);
          for (const q of queries) {
            const filter = { event, terms: parseSearch(q) };
            same(records, inFile, filter, { low: base + low, high: base + high, forwards });
            const moved = records.map((one) => ({ ...one, seq: one.seq - base }));
            same(moved, inMemory, filter, { low, high, forwards });
          }
          base += records.length;
        },
      ),
      { numRuns: 300 },
    );
    file.close();
  });

  function same(
    records: readonly CapsRecord[],
    chunks: readonly Chunk[],
    filter: RecordFilter,
    stretch: { low: number; high: number; forwards: boolean },
  ): void {
    const { low, high, forwards } = stretch;
    const wanted = wantedTerms(filter);
    const confirm = (seq: number) => records.some((one) => one.seq === seq && passes(one, filter));
    const expected = records
      .filter((one) => one.seq > low && one.seq <= high && passes(one, filter))
      .map(({ seq }) => seq);
    const found = finished(seek(chunks, wanted, { ...stretch, limit: 99 }, confirm, never));
    expect(found).toEqual({ seqs: forwards ? expected : expected.reverse(), place: undefined });
    expect(finished(count(chunks, wanted, stretch, { confirm, isLate: never, max: 99 }))).toEqual({
      count: expected.length,
      exact: true,
    });
  }

  const many = Array.from(
    { length: 30 },
    (_, i): CapsRecord => ({
      ...{ seq: i + 1, event: 'note', status: 'ready', rev: 1, time: '', via: 'rest' },
      payload: {
        store: 'red',
        orderID: `${i}`,
        customer: 'Hulda',
        address: i % 2 ? 'Elm Street' : 'Meluk Pass',
      },
      by: { role: 'vendor', id: 'red' },
    }),
  );

  it('answers with what it has when it is late, and says how far it came', () => {
    const wanted = wantedTerms({ terms: parseSearch('hulda') });
    let looked = 0;
    const confirm = () => {
      looked += 1;
      return looked % 2 === 0;
    };
    const found = finished(
      seek(
        chunksOf(many, 10),
        wanted,
        { low: 0, high: 30, forwards: false, limit: 9 },
        confirm,
        () => looked === 5,
      ),
    );
    expect(found).toEqual({ seqs: [29, 27], place: 26 });
    looked = 0;
    const limits = { confirm: () => true, isLate: never, max: 7 };
    expect(finished(count(chunksOf(many, 10), wanted, { low: 0, high: 30 }, limits))).toEqual({
      count: 7,
      exact: false,
    });
  });

  it('looks at no record that cannot answer', () => {
    const asked: number[] = [];
    const confirm = (seq: number) => asked.push(seq) > 0;
    const wanted = wantedTerms({ terms: parseSearch('"elm street" -order:3 order:5') });
    finished(
      seek(chunksOf(many, 10), wanted, { low: 0, high: 30, forwards: true, limit: 9 }, confirm, never),
    );
    expect(asked).toEqual([6]);
  });

  it('is whole or not there after a kill in the middle of a chunk', () => {
    const [first, second] = chunksOf(many, 15) as [OpenChunk, OpenChunk];
    const file = openSearchFile(path, { epoch: 'a', head: 30 }, true);
    finished(file.write(first));
    const writing = file.write(second);
    for (let i = 0; i < 20; i += 1) writing.next();
    // What the disk has is all that a killed process leaves.
    const left = join(folder, 'left.sqlite');
    for (const part of ['', '-wal']) copyFileSync(path + part, left + part);
    finished(writing);
    file.close();
    const again = openSearchFile(left, { epoch: 'a', head: 30 }, false);
    expect(again.upTo).toBe(15);
    finished(again.write(second));
    same(many, again.chunks, { terms: parseSearch('elm') }, { low: 0, high: 30, forwards: true });
    again.close();
  });

  it('begins anew where records were indexed by an older spelling, or their accents would not meet', () => {
    const file = openSearchFile(path, { epoch: 'a', head: 30 }, true);
    for (const chunk of chunksOf(many, 15)) finished(file.write(chunk));
    file.close();
    const older = new DatabaseSync(path);
    older.exec('UPDATE log SET format = 1');
    older.close();
    const again = openSearchFile(path, { epoch: 'a', head: 30 }, false);
    expect(again.upTo).toBe(0);
    again.close();
  });

  it.each([
    ['another log', { epoch: 'b', head: 30 }, 0],
    ['a log that is behind it', { epoch: 'a', head: 29 }, 0],
    ['its own log', { epoch: 'a', head: 30 }, 30],
  ])('begins anew for %s, or goes on', (_, log, upTo) => {
    const file = openSearchFile(path, { epoch: 'a', head: 30 }, true);
    for (const chunk of chunksOf(many, 15)) finished(file.write(chunk));
    file.close();
    const again = openSearchFile(path, log, false);
    expect(again.upTo).toBe(upTo);
    again.close();
  });
});

describe('places', () => {
  it('come out of the file as they went in, few or many', () => {
    for (const step of [1, 2, 15, 16, 17, 4_000]) {
      const places = Array.from({ length: Math.ceil(chunkSize / step) }, (_, i) => i * step);
      const bits = unpacked(packed(places));
      expect(placesIn(bits)).toEqual(places);
      expect(countOf(bits)).toBe(places.length);
    }
    expect(placesIn(rangeBits(30, 33))).toEqual([30, 31, 32, 33]);
  });
});
