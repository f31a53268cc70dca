/** What `npm run test:cluster` does, at length. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { seed } from '../proofs/proof.ts';
import { raceRun } from '../proofs/race-run.ts';
import { Cluster } from '../testkit/cluster.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { inWords } from '../testkit/verdict.ts';
import { failoverRun } from './failover-run.ts';
import { orderRun } from './order-run.ts';

const lengths = {
  answers: Number(process.env['ANSWERS'] ?? 110_000),
  failovers: Number(process.env['FAILOVERS'] ?? 100),
  parcels: Number(process.env['PARCELS'] ?? 5_000),
};

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

it('[D2] three hubs have one order of 100,000 events of eight stores, for everyone at any of them', async () => {
  await using cluster = await Cluster.start({ hubs: 3, server });
  const { verdict, ...numbers } = await orderRun(cluster, {
    ...{ seed, stores: 8, drivers: 8, windowMax: 16, settleMs: 10 * 60_000 },
    answers: lengths.answers,
  });
  console.log(`SEED=${seed}`, numbers);
  expect(inWords(verdict)).toBe('');
});

it('[D3] a database that comes back without the end of the log, again and again: each time a new epoch, and nobody goes on silently', async () => {
  await using cluster = await Cluster.start({ hubs: 3 });
  const { failovers } = lengths;
  const { silent, ...numbers } = await failoverRun(cluster, { seed, failovers, settleMs: 60_000 });
  console.log(`SEED=${seed}`, numbers);
  expect(silent).toEqual([]);
  expect(numbers.epochs).toBe(failovers + 1);
});

it('[C1][C2] sixteen drivers at all doors of three hubs want 5,000 parcels: each has one winner', async () => {
  await using cluster = await Cluster.start({ hubs: 3, server, tcp: true });
  const { parcels } = lengths;
  const { verdict, untold, won } = await raceRun({ seed, parcels, drivers: 16, settleMs: 60_000, cluster });
  console.log(`SEED=${seed} ${won} won`);
  expect(inWords(verdict)).toBe('');
  expect(untold).toEqual([]);
  expect(won).toBe(parcels);
});
