import { expect, test } from 'vitest';
import { powerRun } from './power-run.ts';
import { seed } from './proof.ts';

test('[D1] a hub that syncs only now and then is found out by a power cut', {
  timeout: 120_000,
}, async () => {
  const { faults } = await powerRun({ seed, cuts: 20, acks: 100, script: 'proofs/mutants/lazy-sync-hub.ts' });
  console.log(faults[0]);
  expect(faults.length).toBeGreaterThan(5);
});
