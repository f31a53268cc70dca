import { afterAll, beforeAll, expect, it } from 'vitest';
import { seed } from '../proofs/proof.ts';
import { Cluster } from '../testkit/cluster.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { inWords } from '../testkit/verdict.ts';
import { partitionRun } from './partition-run.ts';
import { recoveryMaxMs } from './readiness.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

it.each(['to the database', 'both ways'] as const)(
  '[D1][D2][D4] nothing passes %s: the hub keeps its clients and tells them the truth, the others record, and all go on when the network is back',
  async (partition) => {
    await using cluster = await Cluster.start({ hubs: 3, server, wired: true });
    const { verdict, refusals, hasKeptClient, ...numbers } = await partitionRun(cluster, partition, seed);
    console.log(`SEED=${seed} ${partition}`, refusals, numbers);
    expect(inWords(verdict)).toBe('');
    expect(hasKeptClient).toBe(true);
    expect(refusals.length).toBeGreaterThan(0);
    for (const { code, detail } of refusals) {
      expect(['unavailable', 'busy']).toContain(code);
      expect(detail).not.toBe('');
    }
    expect(Math.max(numbers.othersMs, numbers.recoveryMs)).toBeLessThan(2 * recoveryMaxMs);
  },
);
