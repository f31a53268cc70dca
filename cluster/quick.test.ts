/** The part of the cluster's proofs that `npm test` runs, where the machine has PostgreSQL. */

import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { seed } from '../proofs/proof.ts';
import { Cluster } from '../testkit/cluster.ts';
import { postgresPrograms } from '../testkit/postgres-server.ts';
import { inWords } from '../testkit/verdict.ts';
import { orderRun } from './order-run.ts';

const hasPostgres = postgresPrograms() !== undefined;
if (!hasPostgres) console.log('Without PostgreSQL no test runs several hubs: apt-get install postgresql');

it.runIf(hasPostgres)(
  '[D1][D2][D4] two hubs on one database have one order of events, lose nothing and double nothing when one is killed',
  async () => {
    await using cluster = await Cluster.start({ hubs: 2 });
    let kills = 0;
    const { verdict, ...numbers } = await orderRun(cluster, {
      ...{ seed, stores: 4, drivers: 4, windowMax: 8, answers: 600, settleMs: 60_000 },
      async disturb({ hubs: [hub] }, recorder) {
        await recorder.answered(200);
        await pause(10);
        await hub?.kill();
        kills += 1;
        await hub?.start();
      },
    });
    console.log(`SEED=${seed}`, { kills, ...numbers });
    expect(inWords(verdict)).toBe('');
    expect([kills, numbers.resets]).toEqual([1, 0]);
    expect(numbers.records).toBeGreaterThan(300);
  },
);
