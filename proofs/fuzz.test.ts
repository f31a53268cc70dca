import { expect, test } from 'vitest';
import { type FuzzOptions, fuzzRun } from './fuzz-run.ts';
import { seed } from './proof.ts';

const quick: FuzzOptions = { seed, inputs: 1_500 };

/** Seeds that failed once. */
const failedOnce: [name: string, options: FuzzOptions][] = [];

test.each([['any input', quick], ...failedOnce])(
  '[S1] whatever comes in at whichever door, the hub goes on and good clients are answered: %s',
  { timeout: 240_000 },
  async (_, options) => {
    const { isSame, logged, internals, ...numbers } = await fuzzRun(options);
    console.log(`SEED=${options.seed} ${JSON.stringify(numbers)}`);
    expect([isSame, logged, internals]).toEqual([true, '', 0]);
    expect(Object.values(numbers.handled)).toEqual([1, 2, 3, 4].map(() => options.inputs));
    expect(numbers.good).toBeGreaterThan(50);
  },
);

test('[S1] a hub that trusts its input is found out', { timeout: 120_000 }, async () => {
  const hub = { script: 'proofs/mutants/unguarded-hub.ts' };
  const { isSame, handled } = await fuzzRun({
    seed,
    inputs: 500,
    doors: ['socket.io'],
    goodMaxMs: 2_000,
    hub,
  });
  console.log(`it ended after ${handled['socket.io']} inputs`);
  expect(isSame).toBe(false);
});
