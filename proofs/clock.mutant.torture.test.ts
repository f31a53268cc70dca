import { expect, test } from 'vitest';
import { type ClockReport, clockRun } from './clock-run.ts';
import { seed } from './proof.ts';

const claimTimeoutS = 2;
/** For a short round on a busy machine. */
const latestMs = claimTimeoutS * 1_000 + 5_000;
/** One jump and one door show what a mutant does. */
const short = {
  ...{ seed, windowMax: 1, settleMs: 20_000, jumps: 1, claimTimeoutS, releasedMaxMs: latestMs + 500 },
  doors: ['socket.io'],
} as const;

function say({ goneMs, wrongTimes }: ClockReport): void {
  console.log(`SEED=${seed} ${JSON.stringify({ goneMs, wrongTimes })}`);
}

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
