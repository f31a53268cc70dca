import { afterAll, beforeAll, expect, it } from 'vitest';
import { seed } from '../proofs/proof.ts';
import { Cluster } from '../testkit/cluster.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { faultsOf, partitionRun } from './partition-run.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

it.each(['to the database', 'both ways'] as const)(
  '[D1][D2][D4] nothing passes %s: the hub keeps its clients and tells them the truth, the others record, and all go on when the network is back',
  async (partition) => {
    await using cluster = await Cluster.start({ hubs: 3, server, wired: true });
    const report = await partitionRun(cluster, partition, seed);
    const { verdict: _, ...numbers } = report;
    console.log(`SEED=${seed} ${partition}`, numbers);
    expect(faultsOf(report)).toEqual([]);
  },
);
