import { expect, test } from 'vitest';
import { isolationRun } from './isolation-run.ts';
import { seed } from './proof.ts';

test('[A1] a hub that does not filter at one door is found out', {
  timeout: 120_000,
}, async () => {
  const hub = { script: 'proofs/mutants/open-history-hub.ts' };
  const { foreign, examples } = await isolationRun({
    seed,
    stores: 4,
    drivers: 2,
    parcels: 5,
    asking: 1,
    hub,
  });
  console.log(`${foreign} foreign words, e.g. ${examples[0]}`);
  expect(foreign).toBeGreaterThan(0);
});
