import { expect, test } from 'vitest';
import { powerRun } from './power-run.ts';
import { seed } from './proof.ts';

test('[D1][D2][D5] after a power cut the log has every acked record and no hole', {
  timeout: 120_000,
}, async () => {
  const report = await powerRun({ seed, cuts: 20, acks: 200, script: 'proofs/mutants/often-folded-hub.ts' });
  console.log(`SEED=${seed} ${JSON.stringify(report)}`);
  expect(report.faults).toEqual([]);
  expect(report.folds).toBeGreaterThan(3);
  expect(report.kept).toBeGreaterThan(1_000);
});
