import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { clockRun } from './clock-run.ts';
import { seed as firstSeed, inFigures, tell } from './proof.ts';

const rounds = Number(process.env['ROUNDS'] ?? 15);
const jumps = 20;
const claimTimeoutS = 3;
const latestMs = claimTimeoutS * 1_000 + 5_000;

test(`[D1][D2][D3][D4][D5][C3] the machine’s clock jumps ${rounds * jumps} times under the hub: the log’s time never runs backwards, and claims time out on time`, async (context) => {
  const total = { jumps: 0, acked: 0, leastMs: Number.POSITIVE_INFINITY, mostMs: 0, answeredMs: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const seed = firstSeed + round;
    const load = { seed, windowMax: 2, settleMs: 60_000, jumps, claimTimeoutS };
    const report = await clockRun({ ...load, releasedMaxMs: 30_000 });
    total.jumps += jumps;
    total.acked += report.acked;
    total.leastMs = Math.min(total.leastMs, ...report.goneMs);
    total.mostMs = Math.max(total.mostMs, ...report.goneMs);
    total.answeredMs = Math.max(total.answeredMs, report.answeredMs);
    const words = [inWords(report.verdict), ...report.wrongTimes].filter(Boolean).join('\n');
    tell(context, {
      name: 'clocks',
      figure: `${inFigures(total.jumps)} jumps, ${inFigures(total.acked)} acked`,
      seed: words === '' ? firstSeed : seed,
      result: `${words || 'no faults'}; of ${claimTimeoutS} s, released after ${inFigures(total.leastMs)}–${inFigures(total.mostMs)} ms; answered within ${inFigures(total.answeredMs)} ms`,
    });
    expect(words).toBe('');
    expect(report.returned).toEqual([]);
    expect(Math.min(...report.goneMs)).toBeGreaterThanOrEqual(claimTimeoutS * 1_000);
    expect(Math.max(...report.goneMs)).toBeLessThan(latestMs);
    expect(report.released).toHaveLength(jumps);
  }
});
