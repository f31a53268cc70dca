import { expect, test } from 'vitest';
import { inWords } from '../testkit/verdict.ts';
import { seed } from './proof.ts';
import { type RaceOptions, raceRun } from './race-run.ts';

const quick = { seed, parcels: 120, drivers: 16, settleMs: 60_000 } satisfies RaceOptions;

/** Seeds that failed once. */
const failedOnce: [name: string, options: RaceOptions][] = [];

test.each([['any race', quick], ...failedOnce])(
  '[C1][C2] sixteen drivers at all doors want the same parcels: each has one winner, and the others know who: %s',
  { timeout: 120_000 },
  async (_, options) => {
    const { verdict, untold, won, ...numbers } = await raceRun(options);
    console.log(
      `SEED=${options.seed} ${won} won ${JSON.stringify(numbers)}\n${inWords(verdict) || 'no faults'}`,
    );
    expect(inWords(verdict)).toBe('');
    expect(untold).toEqual([]);
    expect(won).toBe(options.parcels);
  },
);

test('[C1] a hub that checks outside the transaction is found out', { timeout: 120_000 }, async () => {
  const hub = { script: 'proofs/mutants/late-write-hub.ts' };
  const { verdict, won } = await raceRun({ ...quick, parcels: 20, settleMs: 1_000, hub });
  console.log(inWords(verdict));
  expect(verdict.doubleClaim.count).toBeGreaterThan(0);
  expect(won).toBeLessThan(20);
});
