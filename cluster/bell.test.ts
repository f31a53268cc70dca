import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, connect } from '../client/client.ts';
import { channel } from '../server/store/postgres/bell.ts';
import { Cluster } from '../testkit/cluster.ts';
import { isLive } from '../testkit/ending.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { RedisServer } from '../testkit/redis-server.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

/** A shop at one hub, and a reader of the log at the other. */
class Pair {
  readonly shop: Client;
  readonly reader: Client;
  readonly seqs: number[] = [];
  readonly #heard = new Map<string, () => void>();
  #orders = 0;

  constructor(cluster: Cluster) {
    this.shop = connect({ url: cluster.urlOf(0), identity: { role: 'vendor', store: 'red' } });
    this.reader = connect({ url: cluster.urlOf(1), identity: { role: 'admin' } });
    this.reader.on('events', ({ records }) => {
      for (const { seq, payload } of records) {
        this.seqs.push(seq);
        this.#heard.get(payload.orderID)?.();
      }
    });
  }

  /** @returns milliseconds from the answer at one hub to the record at the other, the slowest last */
  async deliver(count: number): Promise<number[]> {
    await Promise.all([isLive(this.shop), isLive(this.reader)]);
    const took: number[] = [];
    for (let i = 0; i < count; i += 1) {
      this.#orders += 1;
      const orderID = String(this.#orders);
      const heard = new Promise<void>((resolve) => this.#heard.set(orderID, resolve));
      const payload = { store: 'red', orderID, customer: 'Hulda', address: '1 Long Road' };
      await this.shop.command({ event: 'pickup', payload });
      const from = performance.now();
      await heard;
      took.push(performance.now() - from);
    }
    return took.sort((a, b) => a - b);
  }

  close(): void {
    this.shop.close();
    this.reader.close();
  }
}

const inWords = (took: readonly number[]): string =>
  `p50 ${took[Math.floor(took.length / 2)]?.toFixed(1)} ms, p99 ${took[Math.floor(took.length * 0.99)]?.toFixed(1)} ms`;
/** Between two hubs, of one order at a time. */
const deliveryMaxMs = 250;
const orders = Number(process.env['DELIVERIES'] ?? 100);

it('without Redis, NOTIFY brings a record to the other hub', async () => {
  await using cluster = await Cluster.start({ hubs: 2, server });
  const pair = new Pair(cluster);
  const took = await pair.deliver(orders);
  console.log('NOTIFY:', inWords(took));
  expect(took[Math.floor(orders * 0.99)]).toBeLessThan(deliveryMaxMs);
  pair.close();
});

it('a Redis that lies, is flushed, stopped and started again costs a moment, and no record', async () => {
  await using redis = await RedisServer.start();
  await using cluster = await Cluster.start({ hubs: 2, server, hub: { env: { REDIS_URL: redis.url } } });
  const pair = new Pair(cluster);
  const rung = await pair.deliver(orders);
  const heardBy = await redis.use((client) => client.publish(channel, 'not a number'));
  expect(heardBy).toBe(2);
  await redis.use(async (client) => {
    for (const lie of ['', '-1', '1e99', 'NaN', '0', '999999999999999', '9'.repeat(400), '1'])
      await client.publish(channel, lie);
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
