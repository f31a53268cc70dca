import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seed } from '../proofs/proof.ts';
import { seeded } from '../testkit/chance.ts';
import { Cluster } from '../testkit/cluster.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { inWords } from '../testkit/verdict.ts';
import { type OrderOptions, orderRun } from './order-run.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

const usual = {
  seed,
  stores: 8,
  drivers: 8,
  windowMax: 8,
  answers: 3_000,
  settleMs: 60_000,
} satisfies OrderOptions;

it('[D2] three hubs on one database have one order of events, for everyone at any of them', async () => {
  await using cluster = await Cluster.start({ hubs: 3, server });
  const { verdict, ...numbers } = await orderRun(cluster, usual);
  console.log(`SEED=${seed}`, numbers);
  expect(inWords(verdict)).toBe('');
  expect(numbers.records).toBeGreaterThan(usual.answers / 2);
  expect(cluster.hubs.map(({ logged }) => logged)).toEqual(['', '', '']);
});

it('[D1][D4] hubs that are killed one after the other lose nothing and record nothing twice', async () => {
  await using cluster = await Cluster.start({ hubs: 3, server });
  let kills = 0;
  const { verdict, ...numbers } = await orderRun(cluster, {
    ...usual,
    async disturb({ hubs }, _, signal) {
      const chance = seeded(seed);
      while (!signal.aborted) {
        await pause(chance.int(200, 1_500));
        const hub = chance.pick(hubs);
        await hub.kill();
        kills += 1;
        await hub.start();
      }
    },
  });
  console.log(`SEED=${seed}`, { kills, ...numbers });
  expect(inWords(verdict)).toBe('');
  expect(kills).toBeGreaterThan(1);
});
