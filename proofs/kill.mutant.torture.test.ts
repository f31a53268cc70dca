import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { killRun } from './kill-run.ts';
import { seed } from './proof.ts';

test('[D1] a hub that acks before the commit is found out', { timeout: 240_000 }, async () => {
  // On a busy machine no kill may hit the moment between an ack and its commit: other runs follow.
  let lost = 0;
  for (let run = 0; run < 5 && lost === 0; run += 1) {
    const { verdict } = await killRun({
      ...{
        seed: seed + run,
        stores: 4,
        drivers: 4,
        windowMax: 8,
        kills: 2,
        answers: [200, 400],
        settleMs: 5_000,
      },
      hub: { script: 'proofs/mutants/early-ack-hub.ts' },
    });
    console.log(`SEED=${seed + run} ${inWords(verdict)}`);
    lost = verdict.lost.count;
  }
  expect(lost).toBeGreaterThan(0);
});
