import { afterAll, beforeAll, expect, it } from 'vitest';
import { Cluster } from '../testkit/cluster.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { inWords } from '../testkit/verdict.ts';
import { ringsRun } from './bell-run.ts';
import { failoverRun } from './failover-run.ts';
import { orderRun } from './order-run.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

/** What a run finds; if it does not come to its end, why. */
function findingsOf(run: Promise<string>): Promise<string> {
  return run.catch((error: unknown) => String(error));
}

it('the order proof finds a hub that takes its numbers from a sequence', async () => {
  const hub = { script: 'cluster/mutants/sequence-hub.ts' };
  await using cluster = await Cluster.start({ hubs: 2, server, hub });
  const options = { seed: 1, stores: 4, drivers: 4, windowMax: 4, answers: 300, settleMs: 3_000 };
  const found = await findingsOf(orderRun(cluster, options).then(({ verdict }) => inWords(verdict)));
  console.log(found);
  expect(found).not.toBe('');
});

it('[D3] the failover proof finds a hub that never looks which log it has', async () => {
  const hub = { script: 'cluster/mutants/trusting-hub.ts' };
  await using cluster = await Cluster.start({ hubs: 2, hub });
  const options = { seed: 1, failovers: 1, settleMs: 5_000 };
  const found = await findingsOf(failoverRun(cluster, options).then(({ silent }) => silent.join('\n')));
  console.log(found);
  expect(found).not.toBe('');
});

it.each(['lost', 'lying'] as const)(
  'the bell proof finds a hub for which NOTIFY is the carrier, when a ring is %s',
  async (fault) => {
    const hub = { script: 'cluster/mutants/carrier-hub.ts' };
    await using cluster = await Cluster.start({ hubs: 2, server, hub, wired: true });
    const found = await findingsOf(ringsRun(cluster, fault, 3_000).then(() => ''));
    console.log(found);
    expect(found).toMatch(/was not heard of at the other hub/);
  },
);
