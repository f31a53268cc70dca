import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { seed } from './proof.ts';
import { isLate, type ResumeOptions, type ResumeReport, resumeRun } from './resume-run.ts';

const quick: ResumeOptions = {
  ...{ seed, clients: 16, crew: 4, windowMax: 16, perSecond: 4_000, answers: 1_500, awayMaxMs: 200 },
  ...{ lateTimes: 1, settleMs: 100_000 },
};

/** Seeds that failed once. */
const failedOnce: [name: string, options: ResumeOptions][] = [];

function say(options: ResumeOptions, { verdict, ...numbers }: ResumeReport): void {
  console.log(`SEED=${options.seed} ${JSON.stringify(numbers)}\n${inWords(verdict) || 'no faults'}`);
}

test.each([['any run', quick], ...failedOnce])(
  '[D3] clients who are away at random hear of all that is theirs, once and in order: %s',
  { timeout: 400_000 },
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
