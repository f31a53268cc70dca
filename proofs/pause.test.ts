import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { type PauseReport, pauseRun } from './pause-run.ts';
import { seed } from './proof.ts';

const load = { seed, windowMax: 3, settleMs: 20_000 };
/** Drivers pause for longer than the claim timeout: their open connection counts as a sign of life. */
const pauses = { lastsMs: 3_000, hubMs: [300, 1_000], peopleMs: [1_500, 2_500], claimTimeoutS: 1 } as const;

function say({ verdict, log, released, ...numbers }: PauseReport): void {
  const more = { records: log.length, released: released.length };
  console.log(`SEED=${seed} ${JSON.stringify({ ...numbers, ...more })}\n${inWords(verdict) || 'no faults'}`);
}

test('[D1][D2][D3][D4][D5][C2][C3] the hub and clients on all doors pause and continue: no record is lost and no claim times out', {
  timeout: 120_000,
}, async () => {
  const report = await pauseRun({ ...load, ...pauses });
  say(report);
  expect(inWords(report.verdict)).toBe('');
  expect(report.released).toEqual([]);
  expect(report.isSameProcess).toBe(true);
  expect(report.pauses.hub).toBeGreaterThan(0);
  expect(report.pauses.people).toBeGreaterThan(3);
  // A run without commands would prove nothing.
  expect(report.acked).toBeGreaterThan(100);
});
