/** Both hubs are restarted, one after the other, while people work. */

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, connect } from '../client/client.ts';
import type { CapsRecord } from '../protocol/messages.ts';
import type { HubProcess } from '../testkit/hub-process.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { openStream, type Stream } from '../testkit/rest-client.ts';
import { TcpLine } from '../testkit/tcp-lines.ts';
import { type BalancedHubs, startBalancedHubs } from './balanced-hubs.ts';

const drainSeconds = 4;
let server: PostgresServer;
let cluster: BalancedHubs;
beforeAll(async () => {
  server = await PostgresServer.start();
  const databaseUrl = await server.database();
  cluster = await startBalancedHubs({ databaseUrl, env: { CAPS_DRAIN: `${drainSeconds}` } });
});
afterAll(async () => {
  await cluster?.dispose();
  await server?.remove();
});

/** Requests one after the other, until `stop`. */
class Requests {
  readonly failures: string[] = [];
  /** Orders that the hubs said they have. */
  readonly placed: string[] = [];
  reads = 0;
  busy = 0;
  #isOver = false;
  readonly #lanes: Promise<void>[];

  constructor(lanes: number) {
    this.#lanes = Array.from({ length: lanes }, (_, lane) => this.#ask(lane));
  }

  async #ask(lane: number): Promise<void> {
    for (let i = 0; !this.#isOver; i += 1) {
      const orderID = `${lane}-${i}`;
      const body = JSON.stringify({ store: 'red', orderID, customer: 'Hulda', address: '835 Meluk Pass' });
      const headers = { 'content-type': 'application/json' };
      const answer = await this.#fetch('/api/orders', { method: 'POST', headers, body });
      if (answer === 201) this.placed.push(orderID);
      if ((await this.#fetch('/api/orders?limit=1', {})) === 200) this.reads += 1;
    }
  }

  async #fetch(path: string, init: RequestInit): Promise<number> {
    try {
      const response = await fetch(cluster.url + path, init);
      const text = await response.text();
      if (response.ok) return response.status;
      // A machine that is too slow for the load: nothing was recorded.
      if (text.includes('"code":"busy"')) {
        this.busy += 1;
        await pause(1_000);
        return this.#fetch(path, init);
      }
      this.failures.push(`${response.status} ${text}`);
      return response.status;
    } catch (error) {
      this.failures.push(String(error instanceof Error ? (error.cause ?? error) : error));
      return 0;
    }
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#lanes);
  }
}

/** Clients of the SDK that follow the log, and when each lost its hub. */
class Followers {
  readonly clients: readonly Client[];
  readonly lostAt: number[] = [];
  /** Starts afresh, which nobody should. */
  resets = 0;
  readonly #places: number[][] = [];

  constructor(count: number) {
    this.clients = Array.from({ length: count }, () => {
      const client = connect({ url: cluster.url, identity: { role: 'admin' } });
      const places: number[] = [];
      this.#places.push(places);
      client.on('state', ({ kind }) => {
        if (kind === 'waiting') this.lostAt.push(performance.now());
      });
      client.on('events', ({ records }) => places.push(...records.map(({ seq }) => seq)));
      client.on('reset', () => {
        this.resets += 1;
      });
      return client;
    });
  }

  async live(): Promise<void> {
    while (this.clients.some(({ state }) => state.kind !== 'live')) await pause(20);
  }

  /** How many followers have a hole, or something twice. */
  get broken(): number {
    const isBroken = (places: readonly number[]) =>
      places.some((place, i) => i > 0 && place !== (places[i - 1] ?? 0) + 1);
    return this.#places.filter(isBroken).length;
  }

  async reach(seq: number): Promise<void> {
    while (this.#places.some((places) => (places.at(-1) ?? 0) < seq)) await pause(20);
  }

  close(): void {
    for (const client of this.clients) client.close();
  }
}

/** WebSockets and streams at each hub. */
const spread = async (): Promise<number[]> => (await cluster.states('lasting')).map(({ open }) => open);

async function untilUnready({ url }: HubProcess): Promise<number> {
  while ((await fetch(`${url}/readyz`)).ok) await pause(5);
  return performance.now();
}

it('[S4][D3][D4] no request fails while both hubs are restarted, everybody is at the other hub before each stops, and misses nothing', async () => {
  const followers = new Followers(40);
  await followers.live();
  await expect.poll(spread).toEqual([20, 20]);
  const requests = new Requests(6);
  const streams: Stream[] = [];
  for (let i = 0; i < 4; i += 1) streams.push(await openStream(`${cluster.url}/api/events`));
  const lines = Array.from({ length: 4 }, () => new TcpLine(cluster.tcpPort));
  for (const line of lines) {
    line.write('PING.\n');
    await line.line('PONG.');
  }

  for (const [index, hub] of cluster.hubs.entries()) {
    followers.lostAt.length = 0;
    const began = performance.now();
    const stopped = hub.stop();
    expect((await untilUnready(hub)) - began).toBeLessThan(1_000);
    // It works on, for whoever comes to it.
    expect((await fetch(`${hub.url}/api/orders?limit=1`)).status).toBe(200);
    expect(await stopped).toBe(0);
    await followers.live();
    // Its followers left one after the other, each once.
    expect(followers.lostAt).toHaveLength(index === 0 ? 20 : 40);
    const last = Math.max(...followers.lostAt);
    expect(last - Math.min(...followers.lostAt)).toBeGreaterThan(900);
    expect((await spread())[index]).toBe(0);
    await hub.start();
    await expect.poll(async () => (await cluster.states('requests'))[index]?.status).toBe('UP');
  }

  // Streams and TCP connections were at both hubs. Whoever was sent away was told when to come back.
  await Promise.all([...streams.map(({ ended }) => ended), ...lines.map(({ ended }) => ended)]);
  for (const { messages } of streams)
    expect(messages.at(-1)).toEqual({ retry: expect.stringMatching(/^\d+$/) });
  for (const { heard } of lines) expect(heard.at(-1)).toContain('"code":"unavailable"');

  await requests.stop();
  expect(requests.failures).toEqual([]);
  expect(requests.placed.length).toBeGreaterThan(100);
  const text = await (await fetch(`${cluster.url}/api/events?after=0&format=ndjson`)).text();
  const log = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as CapsRecord]));
  expect(log.map(({ payload }) => payload.orderID).toSorted()).toEqual(requests.placed.toSorted());
  await followers.reach(log.length);
  expect([followers.broken, followers.resets]).toEqual([0, 0]);
  console.log(JSON.stringify({ placed: requests.placed.length, reads: requests.reads, busy: requests.busy }));

  // All are at the first hub, so those who come get the second, until both have as many.
  expect(await spread()).toEqual([40, 0]);
  const late = new Followers(40);
  await late.live();
  await expect.poll(spread).toEqual([40, 40]);
  followers.close();
  late.close();
});
