import { expect, it } from 'vitest';
import { SimulatedClock } from '../../testkit/simulation/clock.ts';
import { Row, storedText } from '../store/row.ts';
import type { Page, Range, Scope } from '../store/store.ts';
import { LogTail } from './log-tail.ts';

const time = '2026-11-20T18:00:00.000Z';

function rowAt(seq: number): Row {
  const record = {
    ...({ event: 'pickup', status: 'ready', rev: 1, time, via: 'hub' } as const),
    payload: { store: 'red', orderID: String(seq), customer: 'Hulda', address: 'Pass' },
    by: { role: 'vendor', id: 'red' } as const,
  };
  const place = { seq, storeSeq: seq, store: 'red', orderID: String(seq), rev: 1 };
  return new Row({ ...place, board: 'on', drivers: [], text: storedText(record) });
}
const rows = (...seqs: number[]): Row[] => seqs.map(rowAt);

/** A log that other hubs append to, and what was published of it. */
function sharedLog({ damaged = [] as number[] } = {}) {
  const clock = new SimulatedClock();
  const told: (number | string)[] = [];
  const log = { head: 0, reads: 0, fails: false };
  const read = async (_: Scope, range: Range): Promise<Page> => {
    log.reads += 1;
    if (log.fails) throw new Error('away');
    const after = 'after' in range ? range.after : 0;
    const all = Array.from({ length: Math.max(0, log.head - after) }, (_, i) => after + 1 + i).slice(0, 3);
    return {
      rows: all.filter((seq) => !damaged.includes(seq)).map(rowAt),
      damaged: all.filter((seq) => damaged.includes(seq)),
      head: log.head,
      more: after + all.length < log.head,
    };
  };
  const tail = new LogTail({
    ...{ store: { read }, clock, head: 0, onForeign: () => {} },
    publish: (published) => void told.push(...published.map(({ seq }) => seq)),
    skip: (upTo) => void told.push(`skip ${upTo}`),
    onFault: () => void told.push('fault'),
  });
  return { clock, told, log, tail };
}

it('publishes an own commit at once when it is next in line, without reading', () => {
  const { told, log, tail } = sharedLog();
  log.head = 2;
  tail.committed(rows(1, 2));
  expect([told, log.reads]).toEqual([[1, 2], 0]);
});

it('[D2] reads what other hubs have appended before an own commit, and publishes each record once', async () => {
  const { clock, told, log, tail } = sharedLog();
  log.head = 8;
  tail.committed(rows(5, 6));
  tail.committed(rows(7));
  await clock.settling(tail.until(8));
  expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  tail.committed(rows(9));
  expect(told.at(-1)).toBe(9);
});

it('[D2] reads what lies between own commands that were recorded one by one', async () => {
  const { clock, told, log, tail } = sharedLog();
  log.head = 4;
  tail.committed([...rows(1), ...rows(3, 4)]);
  await clock.settling(tail.until(4));
  expect(told).toEqual([1, 2, 3, 4]);
});

it('reads on when it is told that the log has grown, and again when a read fails', async () => {
  const { clock, told, log, tail } = sharedLog();
  log.head = 2;
  log.fails = true;
  const caught = tail.until(2);
  await clock.advance(50);
  expect(told).toEqual(['fault']);
  log.fails = false;
  await clock.advance(200);
  await caught;
  expect(told).toEqual(['fault', 1, 2]);
  tail.grown();
  await clock.advance(10);
  expect(told).toEqual(['fault', 1, 2]);
});

it('[S6] passes over damaged records, which readers read around', async () => {
  const { clock, told, log, tail } = sharedLog({ damaged: [2, 3] });
  log.head = 4;
  await clock.settling(tail.until(4));
  expect(told).toEqual([1, 'skip 2', 'skip 3', 4]);
});

it('nobody waits for a tail that is closed', async () => {
  const { tail } = sharedLog();
  const waiting = tail.until(5);
  tail.close();
  await waiting;
  await tail.until(6);
});

it('says nothing of a read that fails after its end: the store may be closed by then', async () => {
  const { clock, told, log, tail } = sharedLog();
  log.head = 2;
  log.fails = true;
  tail.grown();
  tail.close();
  await clock.advance(200);
  expect([told, log.reads]).toEqual([[], 1]);
});
