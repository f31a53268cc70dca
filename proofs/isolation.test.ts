import { expect, test } from 'vitest';
import { type IsolationOptions, isolationRun } from './isolation-run.ts';
import { seed } from './proof.ts';

const quick: IsolationOptions = { seed, stores: 50, drivers: 10, parcels: 3, asking: 1 };

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
