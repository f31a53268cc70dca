import { expect, it } from 'vitest';
import { isolationRun } from '../proofs/isolation-run.ts';
import { seed } from '../proofs/proof.ts';
import { Cluster } from '../testkit/cluster.ts';

const parcels = Number(process.env['PARCELS_PER_STORE'] ?? 5);

it('[A1] stores that use three hubs together: no byte of one’s parcels reaches another', async () => {
  await using cluster = await Cluster.start({ hubs: 3, tcp: true });
  const options = { seed, stores: 20, drivers: 6, parcels, asking: 3 };
  const { examples, counted, ...numbers } = await isolationRun({ ...options, cluster });
  console.log(`SEED=${seed}`, numbers);
  expect([...examples, ...counted]).toEqual([]);
  expect(numbers).toMatchObject({ foreign: 0, deaf: 0 });
  expect(numbers.events).toBeGreaterThanOrEqual(options.stores * parcels * 5);
});
