import { expect, test } from 'vitest';
import { type IsolationOptions, isolationRun } from './isolation-run.ts';
import { seed } from './proof.ts';

const quick: IsolationOptions = { seed, stores: 50, drivers: 10, parcels: 5, asking: 2 };

/** Seeds that failed once. */
const failedOnce: [name: string, options: IsolationOptions][] = [];

test.each([['any run', quick], ...failedOnce])(
  '[A1] fifty stores use a hub together: no byte of one’s parcels reaches another: %s',
  { timeout: 120_000 },
  async (_, options) => {
    const { examples, counted, ...numbers } = await isolationRun(options);
    console.log(`SEED=${options.seed} ${JSON.stringify(numbers)}`);
    expect([...examples, ...counted]).toEqual([]);
    expect(numbers).toMatchObject({ foreign: 0, deaf: 0 });
    expect(numbers.events).toBeGreaterThanOrEqual(options.stores * options.parcels * 5);
  },
);

test('[A1] a hub that does not filter at one door is found out', {
  timeout: 120_000,
}, async () => {
  const hub = { script: 'proofs/mutants/open-history-hub.ts' };
  const { foreign, examples } = await isolationRun({
    ...quick,
    stores: 4,
    drivers: 2,
    parcels: 5,
    asking: 1,
    hub,
  });
  console.log(`${foreign} foreign words, e.g. ${examples[0]}`);
  expect(foreign).toBeGreaterThan(0);
});
