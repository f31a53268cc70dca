import { expect, test } from 'vitest';
import { stopRun } from './stop-run.ts';

test('[S4] a hub stopped with a thousand open commands at three doors has stored what it acked, and acked what it stored', async () => {
  const report = await stopRun('server/main.ts');
  console.log(JSON.stringify(report));
  expect(report).toMatchObject({
    ...{ exitCode: 0, lost: 0, untold: 0 },
    goodbye: 'transport close 1005',
  });
  expect(report.stopMs).toBeLessThan(10_000);
});

test('[S4] a hub that exits at once is found out', async () => {
  const report = await stopRun('proofs/mutants/hasty-hub.ts');
  console.log(JSON.stringify(report));
  expect(report.goodbye).toBe('transport close 1006');
});
