import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { pauseRun } from './pause-run.ts';
import { seed as firstSeed, inFigures, tell } from './proof.ts';

const rounds = Number(process.env['ROUNDS'] ?? 10);
/** The hub ends a silent connection within a minute, and no pause is longer. */
const claimTimeoutS = 150;

test(`[D1][D2][D3][D4][D5][C2][C3] the hub and clients on all doors pause for 1–60 s each, ${rounds} rounds: no record is lost and no claim times out`, async (context) => {
  const total = { hub: 0, people: 0, acked: 0, longestMs: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const seed = firstSeed + round;
    const report = await pauseRun({
      ...{ seed, windowMax: 1, settleMs: 120_000, lastsMs: 60_000, claimTimeoutS },
      ...{ hubMs: [1_000, 60_000], peopleMs: [1_000, 60_000] },
    });
    total.hub += report.pauses.hub;
    total.people += report.pauses.people;
    total.acked += report.acked;
    total.longestMs = Math.max(total.longestMs, report.longestMs);
    const words = inWords(report.verdict);
    tell(context, {
      name: 'pauses',
      figure: `${inFigures(total.hub)} pauses of the hub, ${inFigures(total.people)} of others, the longest ${inFigures(total.longestMs)} ms; ${inFigures(total.acked)} acked`,
      seed: words === '' ? firstSeed : seed,
      result: `${words || 'no faults'}; ${report.released.length} released`,
    });
    expect(words).toBe('');
    expect(report.released).toEqual([]);
    expect(report.isSameProcess).toBe(true);
  }
});
