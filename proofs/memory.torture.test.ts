import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { memoryRun } from './memory-run.ts';
import { seed as firstSeed, inFigures, tell } from './proof.ts';

const rounds = Number(process.env['ROUNDS'] ?? 5);
const mostBytesMax = 320 * 1024 * 1024;

test(`[D1][D2][D3][S1][S2][S3] a hub with a heap of 96 MB survives ${rounds} rounds of fifty unread downloads and twenty slow readers, and no reader misses a record`, async (context) => {
  const total = { acked: 0, downloads: 0, mostBytes: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const seed = firstSeed + round;
    const report = await memoryRun({ seed, windowMax: 1, settleMs: 300_000, before: 600, meanwhile: 1_500 });
    total.acked += report.acked;
    total.downloads += report.downloads;
    total.mostBytes = Math.max(total.mostBytes, report.mostBytes);
    const words = inWords(report.verdict);
    tell(context, {
      name: 'memory',
      figure: `${inFigures(total.acked)} acked, ${inFigures(total.downloads)} downloads that were let begin`,
      seed: words === '' ? firstSeed : seed,
      result: `${words || 'no faults'}; at most ${inFigures(total.mostBytes / 2 ** 20)} MiB in memory`,
    });
    expect(words).toBe('');
    expect(report.isSameProcess).toBe(true);
    expect(report.mostBytes).toBeLessThan(mostBytesMax);
    expect(report.lines).toBeGreaterThan(600);
  }
});

test('[S2] a hub that ignores backpressure is found out', async () => {
  const hub = { script: 'proofs/mutants/hasty-answers-hub.ts' };
  const report = await memoryRun({
    seed: firstSeed,
    windowMax: 1,
    settleMs: 100,
    before: 2_000,
    meanwhile: 100,
    untilBytes: mostBytesMax + 1,
    hub,
  });
  expect(report.mostBytes > mostBytesMax || !report.isSameProcess).toBe(true);
});
