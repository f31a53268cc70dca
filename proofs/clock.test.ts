import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { type ClockReport, clockRun } from './clock-run.ts';
import { seed } from './proof.ts';

const claimTimeoutS = 2;
/** For two short rounds on a busy machine. */
const latestMs = claimTimeoutS * 1_000 + 5_000;
const load = { seed, windowMax: 2, settleMs: 20_000, jumps: 3, claimTimeoutS, releasedMaxMs: 10_000 };
/** One jump and one door show what a mutant does. */
const short = {
  ...{ ...load, jumps: 1, windowMax: 1, releasedMaxMs: latestMs + 500 },
  doors: ['socket.io'],
} as const;

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

test('[C3] a hub whose timers use the wall clock is found out', {
  timeout: 120_000,
}, async () => {
  const hub = { script: 'proofs/mutants/wall-timer-hub.ts' };
  const report = await clockRun({ ...short, settleMs: 1_000, hub });
  say(report);
  const [least, most] = [Math.min(...report.goneMs), Math.max(...report.goneMs)];
  expect(least < claimTimeoutS * 1_000 || most > latestMs).toBe(true);
});

test('[D2] a hub whose log’s time runs backwards is found out', { timeout: 120_000 }, async () => {
  const hub = { script: 'proofs/mutants/backward-time-hub.ts' };
  const report = await clockRun({ ...short, hub });
  say(report);
  expect(report.wrongTimes).not.toEqual([]);
});
