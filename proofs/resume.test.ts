import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { seed } from './proof.ts';
import { isLate, type ResumeOptions, type ResumeReport, resumeRun } from './resume-run.ts';

const quick: ResumeOptions = {
  ...{ seed, clients: 16, crew: 4, windowMax: 16, perSecond: 4_000, answers: 1_500, awayMaxMs: 200 },
  ...{ lateTimes: 1, settleMs: 60_000 },
};

/** Seeds that failed once. */
const failedOnce: [name: string, options: ResumeOptions][] = [];

function say(options: ResumeOptions, { verdict, ...numbers }: ResumeReport): void {
  console.log(`SEED=${options.seed} ${JSON.stringify(numbers)}\n${inWords(verdict) || 'no faults'}`);
}

test.each([['any run', quick], ...failedOnce])(
  '[D3] clients who are away at random hear of all that is theirs, once and in order: %s',
  { timeout: 240_000 },
  async (_, options) => {
    const report = await resumeRun(options);
    say(options, report);
    expect(inWords(report.verdict)).toBe('');
    expect(report.resets).toBe(0);
    // A run without breaks, or without records during them, would prove nothing.
    expect(report.breaks).toBeGreaterThan(options.clients / 2);
    expect(isLate(report)).toBe(true);
    // An idle machine needs a second; docs/proofs.md has the time of the long run.
    for (const { ms } of report.late) expect(ms).toBeLessThan(options.settleMs);
  },
);

test('[D3] a hub that joins readers after an awaited read is found out', { timeout: 240_000 }, async () => {
  const options = { ...quick, clients: 10, answers: 1_000, settleMs: 5_000 };
  // On a busy machine late records look like lost ones: the sound hub gets the same time.
  const sound = await resumeRun(options);
  say(options, sound);
  expect(inWords(sound.verdict)).toBe('');
  // Nobody may have come back at the very moment: other runs follow.
  let lost = 0;
  for (let run = 0; run < 5 && lost === 0; run += 1) {
    const again = {
      ...options,
      seed: options.seed + run,
      hub: { script: 'proofs/mutants/late-join-hub.ts' },
    };
    const broken = await resumeRun(again);
    say(again, broken);
    lost = broken.verdict.lost.count;
  }
  expect(lost).toBeGreaterThan(0);
});
