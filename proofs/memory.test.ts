import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { type MemoryReport, memoryRun } from './memory-run.ts';
import { seed } from './proof.ts';

const load = { seed, windowMax: 1, settleMs: 60_000, before: 60, meanwhile: 100 };
const mostBytesMax = 320 * 1024 * 1024;

function say({ verdict, log, released, ...numbers }: MemoryReport): void {
  console.log(
    `SEED=${seed} ${JSON.stringify({ ...numbers, records: log.length })}\n${inWords(verdict) || 'no faults'}`,
  );
}

test('[D1][D2][D3][S1][S2][S3] a hub with little memory survives fifty unread downloads and twenty slow readers, and no reader misses a record', {
  timeout: 180_000,
}, async () => {
  const report = await memoryRun(load);
  say(report);
  expect(inWords(report.verdict)).toBe('');
  expect(report.isSameProcess).toBe(true);
  expect(report.mostBytes).toBeLessThan(mostBytesMax);
  expect(report.downloads).toBeGreaterThan(10);
  // All records at the start of the download, and the line of titles.
  expect(report.lines).toBeGreaterThan(load.before);
});
