import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventNames, statuses } from '../../../protocol/events.ts';
import { type CapsRecord, doorNames } from '../../../protocol/messages.ts';
import { parseSearch, passes, type RecordFilter } from '../../../protocol/search.ts';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { openSearchFile, type SearchFile, type SeqRange } from './file.ts';
import { count, type Quest, type SearchSteps, seek } from './seeking.ts';
import { fieldsOf, indexedText, wantedBy } from './terms.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = memoryFolder();
  path = join(folder, 'search.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Few and strange enough to meet each other: letters whose cases are not one to one, halves of pairs, borders. */
const letters = [
  ...'aAbBß"ΣσςİiıẞéÉ\u0301\u00ad\u00a0😀東 -:1234\u0000\u0001\uffff\ud83d\udb80\u{f0041}',
].map((letter) => fc.constant(letter));
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

/** @param confirm whether an examined record answers */
function finished<T>(
  work: SearchSteps<T> | Generator<void, T, undefined>,
  confirm: (seq: number) => boolean = () => true,
): T {
  for (let answer: readonly number[] | undefined; ; ) {
    const step = (work as SearchSteps<T>).next(answer);
    if (step.done) return step.value;
    answer = step.value?.filter(confirm);
  }
}
const never = () => false;

function add(file: SearchFile, records: readonly CapsRecord[]): void {
  for (const one of records) file.add(indexedText(one), fieldsOf(one, []));
}

/** What is asked of this file, never late. */
function asked(file: SearchFile, filter: RecordFilter, examinedAtOnce = 1): Quest {
  const wanted = wantedBy(filter);
  const match = file.matchOf(wanted);
  return { file, match, isExact: wanted.exact, examinedAtOnce, isLate: never };
}

describe('an index in a file', () => {
  it('finds and counts what a look at every record finds, whatever was typed', { timeout: 60_000 }, () => {
    const file = openSearchFile(path, { epoch: 'a', head: 0 }, true);
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 12 }),
        fc.array(query, { minLength: 1, maxLength: 6 }),
        fc.option(fc.constantFrom(...eventNames), { nil: undefined }),
        fc.nat(12),
        fc.nat(12),
        fc.boolean(),
        fc.boolean(),
        (drawn, queries, event, low, high, forwards, isWritten) => {
          const base = file.upTo;
          const records = drawn.map((one, i) => ({ ...one, seq: base + i + 1 }));
          add(file, records);
          if (isWritten) finished(file.write());
          for (const q of queries) {
            const filter = { event, terms: parseSearch(q) };
            same(records, file, filter, { low: base + low, high: base + high, forwards });
          }
        },
      ),
      { numRuns: 300 },
    );
    file.close();
  });

  function same(
    records: readonly CapsRecord[],
    file: SearchFile,
    filter: RecordFilter,
    { forwards, ...stretch }: SeqRange & { forwards: boolean },
  ): void {
    const confirm = (seq: number) => records.some((one) => one.seq === seq && passes(one, filter));
    const expected = records
      .filter((one) => one.seq > stretch.low && one.seq <= stretch.high && passes(one, filter))
      .map(({ seq }) => seq);
    const inOrder = forwards ? expected : expected.toReversed();
    for (const atOnce of [1, 5]) {
      const sought = asked(file, filter, atOnce);
      const found = finished(seek(sought, { ...stretch, forwards, limit: 99 }), confirm);
      expect(found, JSON.stringify(filter)).toEqual({ seqs: inOrder, place: undefined });
      const some = finished(seek(sought, { ...stretch, forwards, limit: 2 }), confirm);
      expect(some.seqs).toEqual(inOrder.slice(0, 2));
      expect(some.place).toBe(inOrder[1]);
      expect(finished(count(sought, stretch, { max: 99, atOnce: 3 }), confirm)).toEqual({
        count: expected.length,
        exact: true,
      });
    }
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

  /** A file with many records. */
  function withMany(): SearchFile {
    const file = openSearchFile(path, { epoch: 'a', head: 30 }, true);
    add(file, many);
    finished(file.write());
    return file;
  }

  it('answers with what it has when it is late, and says how far it came', () => {
    const file = withMany();
    let looked = 0;
    const confirm = () => {
      looked += 1;
      return looked % 2 === 0;
    };
    const sought = asked(file, { terms: parseSearch('hulda') });
    const way = { low: 0, high: 30, forwards: false, limit: 9 };
    expect(finished(seek({ ...sought, isLate: () => looked === 5 }, way), confirm)).toEqual({
      seqs: [29, 27],
      place: 26,
    });
    const limits = { max: 7, atOnce: 10 };
    expect(finished(count(sought, way, limits))).toEqual({
      count: 7,
      exact: false,
    });
    const late = { ...sought, isExact: true, isLate: () => true };
    expect(finished(count(late, way, limits))).toEqual({ count: 10, exact: false });
    file.close();
  });

  it('looks at no record that cannot answer, also of words of one and two letters', () => {
    const file = withMany();
    const looked = (q: string): number[] => {
      const seqs: number[] = [];
      const all = seek(asked(file, { terms: parseSearch(q) }), {
        low: 0,
        high: 30,
        forwards: true,
        limit: 99,
      });
      finished(all, (seq) => seqs.push(seq) > 0);
      return seqs;
    };
    expect(looked('"elm street" -order:3 order:5')).toEqual([6]);
    expect(looked('29')).toEqual([30]);
    expect(looked('zz')).toEqual([]);
    expect(looked('щ')).toEqual([]);
    expect(looked('tr')).toEqual(many.flatMap(({ seq }) => (seq % 2 === 0 ? [seq] : [])));
    // The last of all that is searched.
    expect(looked('ss')).toEqual(many.flatMap(({ seq }) => (seq % 2 === 1 ? [seq] : [])));
    file.close();
  });

  it('answers to more terms than anybody types', () => {
    const file = withMany();
    const orders = Array.from({ length: 40 }, (_, i) => i).filter((i) => i !== 7);
    const all = { low: 0, high: 30, forwards: true };
    same(many, file, { terms: parseSearch(orders.map((i) => `-order:${i}`).join(' ')) }, all);
    same(many, file, { terms: parseSearch(orders.map((i) => `order:${i}`).join(' ')) }, all);
    same(many, file, { terms: parseSearch(`${'elm '.repeat(40)} ${'el l st t '.repeat(40)}`) }, all);
    file.close();
  });

  it('is as it was last written after a kill, even in the middle of merging', () => {
    const file = openSearchFile(path, { epoch: 'a', head: 30 }, true);
    add(file, many.slice(0, 15));
    // Until it gives way first.
    file.write().next();
    add(file, many.slice(15));
    file.addDriver('ana');
    // What the disk has is all that a killed process leaves.
    const left = join(folder, 'left.sqlite');
    for (const part of ['', '-wal']) copyFileSync(path + part, left + part);
    file.close();
    const again = openSearchFile(left, { epoch: 'a', head: 30 }, false);
    expect(again.upTo).toBe(15);
    expect([...again.drivers()]).toEqual([]);
    add(again, many.slice(15));
    same(many, again, { terms: parseSearch('elm') }, { low: 0, high: 30, forwards: true });
    again.close();
  });

  it('begins anew where records were indexed by an older spelling, or their accents would not meet', () => {
    withMany().close();
    const older = new DatabaseSync(path);
    older.exec('UPDATE log SET format = 1');
    older.close();
    const again = openSearchFile(path, { epoch: 'a', head: 30 }, false);
    expect(again.upTo).toBe(0);
    again.close();
  });

  it('begins anew where the file is of a time before FTS5', () => {
    const older = new DatabaseSync(path);
    older.exec(`
      CREATE TABLE log (epoch TEXT NOT NULL, format INTEGER NOT NULL) STRICT;
      CREATE TABLE chunks (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
      INSERT INTO log VALUES ('a', 3);
      INSERT INTO chunks VALUES (0, 1, 30);
    `);
    older.close();
    const file = openSearchFile(path, { epoch: 'a', head: 30 }, false);
    expect(file.upTo).toBe(0);
    add(file, many);
    finished(file.write());
    same(many, file, { terms: parseSearch('elm') }, { low: 0, high: 30, forwards: true });
    file.close();
    const tables = new DatabaseSync(path);
    expect(tables.prepare("SELECT name FROM sqlite_master WHERE name = 'chunks'").all()).toEqual([]);
    tables.close();
  });

  it.each([
    ['another log', { epoch: 'b', head: 30 }, 0],
    ['a log that is behind it', { epoch: 'a', head: 29 }, 0],
    ['its own log', { epoch: 'a', head: 30 }, 30],
  ])('begins anew for %s, or goes on', (_, log, upTo) => {
    withMany().close();
    const again = openSearchFile(path, log, false);
    expect(again.upTo).toBe(upTo);
    again.close();
  });

  it('has a record’s every field, however many drivers have held its parcel, and no text is taken for one', () => {
    const file = openSearchFile(path, { epoch: 'a', head: 2 }, true);
    const drivers = Array.from({ length: 20 }, (_, i) => `driver ${i}`);
    const [first, second] = many as [CapsRecord, CapsRecord];
    file.add(indexedText(first), fieldsOf(first, drivers));
    file.add(indexedText(second), fieldsOf(second, []));
    // Fields are written in these characters, so a text must not have them.
    const forged = { ...second, payload: { ...second.payload, customer: '\u{f0000}\u{f1234}\u{10fffd}' } };
    expect(indexedText(forged)).not.toMatch(/[\u{f0000}-\u{10ffff}]/u);
    const found = (driver: string) => {
      const match = file.matchOf(wantedBy({ terms: [] }, { seenBy: { driver } })) ?? '';
      return [...file.matching(match, { low: 0, high: 2 }, true)];
    };
    for (const driver of drivers) expect(found(driver)).toEqual([1]);
    expect(found('driver 20')).toEqual([]);
    file.close();
  });
});
