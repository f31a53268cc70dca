import { expect, it } from 'vitest';
import { seed } from '../proofs/proof.ts';
import { raceRun } from '../proofs/race-run.ts';
import { Cluster } from '../testkit/cluster.ts';
import { inWords } from '../testkit/verdict.ts';

const parcels = Number(process.env['PARCELS'] ?? 200);

it('[C1][C2] sixteen drivers at all doors of three hubs want the same parcels: each has one winner, and the others know who', async () => {
  await using cluster = await Cluster.start({ hubs: 3, tcp: true });
  const { verdict, untold, won, ...numbers } = await raceRun({
    ...{ seed, parcels, drivers: 16, settleMs: 30_000, cluster },
  });
  console.log(`SEED=${seed} ${won} won`, numbers);
  expect(inWords(verdict)).toBe('');
  expect(untold).toEqual([]);
  expect(won).toBe(parcels);
});
