import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { storedText } from '../row.ts';
import { type LogRow, logSum } from '../rows/rows.ts';
import type { LogRecords } from './records.ts';
import { Searcher } from './searcher.ts';

let folder: string;
beforeEach(() => {
  folder = memoryFolder();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

function rowAt(seq: number, note: string): LogRow {
  const orderID = String(seq);
  const text = storedText({
    ...({ event: 'pickup', status: 'ready', rev: 1, time: '2026-11-20T18:00:00.000Z', via: 'hub' } as const),
    payload: { store: 'red', orderID, customer: 'Hulda', address: 'Pass', note },
    by: { role: 'vendor', id: 'red' },
  });
  const row = { seq, store: 'red', store_seq: seq, order_id: orderID, rev: 1, previous: 0, text };
  const whole = { ...row, board: 'on', drivers: '[]' } as const;
  return { ...whole, crc: logSum(whole) };
}

/**
 * Indexes six records, each a turn's work, from a log that claims to be longer. Only its work takes time, so that nothing else
 * on the machine is in the numbers.
 * @returns how many times as long as it worked the thread rested at last
 */
async function restOf(head: number, note: string, isSearched = false): Promise<number> {
  vi.useFakeTimers({ toFake: ['performance'] });
  let last = 0;
  let rest = 0;
  let begin = performance.now();
  const log: LogRecords = {
    ...{ head: 0, examinedAtOnce: 1, after: () => [], at: () => [], close: () => {} },
    batch: (seq) => {
      if (seq === 6) return [];
      vi.advanceTimersByTime(10);
      last = seq + 1;
      return [rowAt(last, note)];
    },
  };
  const rests = {
    pause: async (ms: number) => {
      rest = ms / (performance.now() - begin);
      begin = performance.now();
    },
    turn: async () => {},
  };
  const task = { log, index: join(folder, `${head}-${isSearched}.sqlite`), epoch: 'a', fresh: true };
  const searcher = new Searcher(task, () => expect.fail('all is sound'), rests);
  const indexing = searcher.index(head);
  if (isSearched) {
    await searcher.find({ filter: { terms: [] }, low: 1, high: head, forwards: true, limit: 1 });
  }
  await indexing;
  await searcher.close();
  return rest;
}

it('takes a tenth of a core while the log grows', async () => {
  expect(await restOf(60, 'ring twice')).toBeGreaterThan(4);
});

it('works half of the time once somebody searches, until it has caught up', async () => {
  expect(await restOf(60, 'ring twice', true)).toBeLessThan(2);
});

it('works half of the time when a search would have to scan very many records, or very large ones', async () => {
  expect(await restOf(10_000_000, 'ring twice')).toBeLessThan(2);
  expect(await restOf(100_000, 'x'.repeat(10_000))).toBeLessThan(2);
  expect(await restOf(20_000, 'ring twice')).toBeGreaterThan(4);
});

it('indexes what was recorded while it read the end of the log', async () => {
  let end = 3;
  let grown: Promise<void> | undefined;
  const log: LogRecords = {
    ...{ head: 0, examinedAtOnce: 1, after: () => [], at: () => [], close: () => {} },
    batch: async (seq) => {
      if (seq < end) return [rowAt(seq + 1, 'ring twice')];
      if (end === 3) {
        end = 5;
        grown = searcher.index(end);
      }
      return [];
    },
  };
  const task = { log, index: join(folder, 'end.sqlite'), epoch: 'a', fresh: true };
  const rests = { pause: async () => {}, turn: async () => {} };
  const searcher = new Searcher(task, () => expect.fail('all is sound'), rests);
  await searcher.index(3);
  await grown;
  const hits = await searcher.find({ filter: { terms: [] }, low: 1, high: 5, forwards: true, limit: 9 });
  expect(hits?.upTo).toBe(5);
  await searcher.close();
});
