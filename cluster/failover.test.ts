import { expect, it } from 'vitest';
import { seed } from '../proofs/proof.ts';
import { Cluster } from '../testkit/cluster.ts';
import { failoverRun } from './failover-run.ts';

const failovers = Number(process.env['FAILOVERS'] ?? 10);

it('[D3] a database that comes back without the end of the log: each time a new epoch, and every client is told', async () => {
  await using cluster = await Cluster.start({ hubs: 3 });
  const { silent, ...numbers } = await failoverRun(cluster, { seed, failovers, settleMs: 30_000 });
  console.log(`SEED=${seed}`, numbers);
  expect(silent).toEqual([]);
  expect(numbers.epochs).toBe(failovers + 1);
});
