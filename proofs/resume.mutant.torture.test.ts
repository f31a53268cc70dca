import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { seed } from './proof.ts';
import { resumeRun } from './resume-run.ts';

test('[D3] a hub that joins readers after an awaited read is found out', { timeout: 240_000 }, async () => {
  const options = {
    ...{ seed, clients: 10, crew: 4, windowMax: 16, perSecond: 4_000, answers: 1_000, awayMaxMs: 200 },
    ...{ lateTimes: 1, settleMs: 5_000 },
  };
  // On a busy machine late records look like lost ones: the sound hub gets the same time.
  const sound = await resumeRun(options);
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
    lost = broken.verdict.lost.count;
  }
  expect(lost).toBeGreaterThan(0);
});
