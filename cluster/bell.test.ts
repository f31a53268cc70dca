import { afterAll, beforeAll, expect, it } from 'vitest';
import { channel } from '../server/store/postgres/bell.ts';
import { Cluster } from '../testkit/cluster.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { RedisServer } from '../testkit/redis-server.ts';
import { lies, Pair, ringsRun } from './bell-run.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

const inWords = (took: readonly number[]): string =>
  `p50 ${took[Math.floor(took.length / 2)]?.toFixed(1)} ms, p99 ${took[Math.floor(took.length * 0.99)]?.toFixed(1)} ms`;
/** Between two hubs, of one order at a time. */
const deliveryMaxMs = 250;
const orders = Number(process.env['DELIVERIES'] ?? 100);

it('without Redis, NOTIFY brings a record to the other hub', async () => {
  await using cluster = await Cluster.start({ hubs: 2, server, wired: true });
  const pair = new Pair(cluster);
  const took = await pair.deliver(orders);
  expect(took[Math.floor(orders * 0.99)]).toBeLessThan(deliveryMaxMs);
  pair.close();
  // Whoever brings it, the log says what it is: a ring that is lost or lies costs a moment.
  const [lost, lying] = [await ringsRun(cluster, 'lost'), await ringsRun(cluster, 'lying')];
  console.log(`NOTIFY: ${inWords(took)}; lost: ${inWords(lost)}; lying: ${inWords(lying)}`);
});

it('a Redis that lies, is flushed, stopped and started again costs a moment, and no record', async () => {
  await using redis = await RedisServer.start();
  await using cluster = await Cluster.start({ hubs: 2, server, hub: { env: { REDIS_URL: redis.url } } });
  const pair = new Pair(cluster);
  const rung = await pair.deliver(orders);
  const heardBy = await redis.use((client) => client.publish(channel, 'not a number'));
  expect(heardBy).toBe(2);
  await redis.use(async (client) => {
    for (const lie of lies) await client.publish(channel, lie);
    await client.flushAll();
  });
  await pair.deliver(10);
  // A ring that is too high is one look, not a loop of them.
  const reads = () => server.query('postgres', `SELECT sum(xact_commit)::int AS count FROM pg_stat_database`);
  const countOf = async () => (await reads()).flatMap((row) => Object.values(row))[0] as number;
  const before = await countOf();
  await redis.use((client) => client.publish(channel, '999999999999999'));
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const perSecond = ((await countOf()) - before) / 2;
  expect(perSecond).toBeLessThan(200);

  await redis.stop();
  const looked = await pair.deliver(orders);
  await redis.run();
  const again = await pair.deliver(orders);
  console.log(
    `Redis: ${inWords(rung)}; stopped: ${inWords(looked)}; back: ${inWords(again)}; idle: ${perSecond}/s`,
  );
  expect(looked[Math.floor(orders * 0.99)]).toBeLessThan(deliveryMaxMs);
  expect(pair.seqs).toEqual(pair.seqs.map((_, i) => i + 1));
  pair.close();
  for (const { logged } of cluster.hubs)
    expect(logged).toContain('Redis does not answer; other hubs are heard of a moment later');
});

it('a Redis that is not there when the hubs start is heard of when it is', async () => {
  await using redis = await RedisServer.start();
  await redis.stop();
  await using cluster = await Cluster.start({ hubs: 2, server, hub: { env: { REDIS_URL: redis.url } } });
  const pair = new Pair(cluster);
  await pair.deliver(5);
  await redis.run();
  for (let listeners = 0; listeners < 2; ) {
    listeners = await redis.use((client) => client.publish(channel, '0'));
    await pair.deliver(1);
  }
  pair.close();
});
