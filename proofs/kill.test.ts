import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { type KillReport, killRun } from './kill-run.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const load = { seed, stores: 4, drivers: 4, windowMax: 8, settleMs: 60_000 };

function say(report: KillReport): void {
  const { verdict, ...numbers } = report;
  console.log(`SEED=${seed} ${JSON.stringify(numbers)}\n${inWords(verdict) || 'no faults'}`);
}

test('[D1][D2][D3][D4][D5] the hub is killed twice under load: no acked record is lost or doubled', {
  timeout: 180_000,
}, async () => {
  const report = await killRun({ ...load, kills: 2, answers: [300, 400] });
  say(report);
  expect(inWords(report.verdict)).toBe('');
  expect(report.resets).toBe(0);
  // A busy machine may take longer, but not each time.
  expect(report.bestRecoveryMs).toBeLessThan(5_000);
  // A run without unanswered commands at a kill would prove nothing.
  expect(report.acked).toBeGreaterThan(500);
});
