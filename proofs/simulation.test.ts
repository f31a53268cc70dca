import { expect, test } from 'vitest';
import { seed as firstSeed } from './proof.ts';
import { fine, outcomeOf, simulate } from './simulation-run.ts';

const worlds = 2;
/** More worlds follow, in which all faults can happen, if some fault has not happened yet. */
const worldsAtMost = 40;
const answers = 300;

test('[D1][D2][D3][D4][D5][D6][C1][C2] with a failing network and disk and any thresholds, no record is lost, doubled or reordered, and searches are complete: any world', {
  timeout: 120_000,
}, async () => {
  const total = new Map<string, number>();
  let acked = 0;
  let seed = firstSeed;
  const hasAll = () => total.size > 0 && [...total.values()].every((count) => count > 0);
  for (; seed < firstSeed + (hasAll() ? worlds : worldsAtMost); seed += 1) {
    const report = await simulate({ seed, answers, isCursed: seed >= firstSeed + worlds });
    expect({ seed, ...outcomeOf(report) }).toEqual({ seed, ...fine });
    acked += report.acked;
    for (const [kind, count] of Object.entries(report.mischief))
      total.set(kind, (total.get(kind) ?? 0) + count);
  }
  const mischief = Object.fromEntries(total);
  console.log(`SEED=${firstSeed} ${seed - firstSeed} worlds, ${acked} acked, ${JSON.stringify(mischief)}`);
  // Worlds without faults would prove nothing.
  expect(Object.entries(mischief).filter(([, count]) => count === 0)).toEqual([]);
});

test('the same seed gives the same world', { timeout: 30_000 }, async () => {
  const short = { seed: firstSeed, answers: 100 };
  expect(await simulate(short)).toEqual(await simulate(short));
});
