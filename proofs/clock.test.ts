import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { type ClockReport, clockRun } from './clock-run.ts';
import { seed } from './proof.ts';

const claimTimeoutS = 2;
/** For two short rounds on a busy machine. */
const latestMs = claimTimeoutS * 1_000 + 5_000;
const load = { seed, windowMax: 2, settleMs: 20_000, jumps: 3, claimTimeoutS, releasedMaxMs: 10_000 };

function say({ verdict, log, released, ...numbers }: ClockReport): void {
  const more = { records: log.length, released: released.length };
  console.log(`SEED=${seed} ${JSON.stringify({ ...numbers, ...more })}\n${inWords(verdict) || 'no faults'}`);
}

test('[D1][D2][D3][D4][D5][C3] the machine’s clock jumps by minutes and days under the hub: the log’s time never runs backwards, and claims time out on time', {
  timeout: 120_000,
}, async () => {
  const report = await clockRun({ ...load });
  say(report);
  expect(inWords(report.verdict)).toBe('');
  expect(report.wrongTimes).toEqual([]);
  expect(report.returned).toEqual([]);
  expect(Math.min(...report.goneMs)).toBeGreaterThanOrEqual(claimTimeoutS * 1_000);
  expect(Math.max(...report.goneMs)).toBeLessThan(latestMs);
  // Only drivers who disconnected: all others are connected.
  expect(report.released).toHaveLength(load.jumps);
  expect(report.acked).toBeGreaterThan(100);
});
