/** Both hubs are restarted, one after the other, while people work. */

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, connect } from '../client/client.ts';
import type { HubProcess } from '../testkit/hub-process.ts';
import { openStream, type Stream } from '../testkit/rest-client.ts';
import { TcpLine } from '../testkit/tcp-lines.ts';
import { type BalancedHubs, startBalancedHubs } from './balanced-hubs.ts';

const drainSeconds = 4;
let cluster: BalancedHubs;
beforeAll(async () => {
  cluster = await startBalancedHubs({ env: { CAPS_DRAIN: `${drainSeconds}` } });
});
afterAll(() => cluster?.dispose());

/** Requests one after the other, until `stop`. */
class Requests {
  readonly failures: string[] = [];
  /** Orders that the hubs said they have. */
  readonly placed: string[] = [];
  reads = 0;
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
      if (!response.ok) this.failures.push(`${response.status} ${text}`);
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

/** Clients of the SDK, and when each lost its hub. */
function joinClients(count: number): { clients: Client[]; lostAt: number[] } {
  const lostAt: number[] = [];
  const clients = Array.from({ length: count }, () => {
    const client = connect({ url: cluster.url, identity: { role: 'admin' } });
    client.on('state', ({ kind }) => {
      if (kind === 'waiting') lostAt.push(performance.now());
    });
    return client;
  });
  return { clients, lostAt };
}

async function untilLive(clients: readonly Client[]): Promise<void> {
  while (clients.some(({ state }) => state.kind !== 'live')) await pause(20);
}

/** How many of the clients are at each hub. */
const spread = (clients: readonly Client[]): number[] => {
  const hubs = clients.map(({ cursor = '' }) => cluster.hubOf(cursor));
  return [0, 1].map((hub) => hubs.filter((one) => one === hub).length);
};

const ordersAt = async ({ url }: HubProcess): Promise<Set<string>> => {
  const text = await (await fetch(`${url}/api/events?after=0&format=ndjson&event=pickup`)).text();
  const lines = text.split('\n').filter((line) => line !== '');
  return new Set(lines.map((line) => (JSON.parse(line) as { payload: { orderID: string } }).payload.orderID));
};

async function untilUnready({ url }: HubProcess): Promise<number> {
  while ((await fetch(`${url}/readyz`)).ok) await pause(5);
  return performance.now();
}

/** Resolves when HAProxy brings requests to this hub. */
async function untilBalanced(hub: number): Promise<void> {
  for (;;) {
    const { asOf } = (await (await fetch(`${cluster.url}/api/orders?limit=1`)).json()) as { asOf: string };
    if (cluster.hubOf(asOf) === hub) return;
    await pause(20);
  }
}

it('[S4] no request fails while both hubs are restarted, and everybody is at the other hub before each stops', async () => {
  const { clients, lostAt } = joinClients(40);
  await untilLive(clients);
  expect(spread(clients)).toEqual([20, 20]);
  const requests = new Requests(6);
  const streams: Stream[] = [];
  for (let i = 0; i < 4; i += 1) streams.push(await openStream(`${cluster.url}/api/events`));
  const lines = Array.from({ length: 4 }, () => new TcpLine(cluster.tcpPort));
  for (const line of lines) {
    line.write('PING.\n');
    await line.line('PONG.');
  }

  for (const [index, hub] of cluster.hubs.entries()) {
    lostAt.length = 0;
    const began = performance.now();
    const stopped = hub.stop();
    const unreadyAt = await untilUnready(hub);
    expect(unreadyAt - began).toBeLessThan(1_000);
    // It works on, for whoever comes to it.
    expect((await fetch(`${hub.url}/api/orders?limit=1`)).status).toBe(200);
    const before = spread(clients)[index] ?? 0;
    expect(await stopped).toBe(0);
    await untilLive(clients);
    // Each of its clients left once, over half of the time.
    expect(lostAt).toHaveLength(before);
    expect(Math.max(...lostAt) - Math.min(...lostAt)).toBeGreaterThan(1_000);
    expect(spread(clients)[index]).toBe(0);
    await hub.start();
    await untilBalanced(index);
  }

  // Streams and TCP connections were at both hubs. Whoever was sent away was told when to come back.
  await Promise.all([...streams.map(({ ended }) => ended), ...lines.map(({ ended }) => ended)]);
  for (const { messages } of streams)
    expect(messages.at(-1)).toEqual({ retry: expect.stringMatching(/^\d+$/) });
  for (const { heard } of lines) expect(heard.at(-1)).toContain('"code":"unavailable"');

  await requests.stop();
  expect(requests.failures).toEqual([]);
  expect(requests.placed.length).toBeGreaterThan(100);
  const [one, two] = await Promise.all(cluster.hubs.map(ordersAt));
  expect(requests.placed.filter((id) => !one?.has(id) && !two?.has(id))).toEqual([]);
  console.log(JSON.stringify({ placed: requests.placed.length, reads: requests.reads }));

  // All clients are at the first hub, so those who come get the second, until both have as many.
  expect(spread(clients)).toEqual([40, 0]);
  const { clients: late } = joinClients(40);
  await untilLive(late);
  expect(spread([...clients, ...late])).toEqual([40, 40]);
  for (const client of [...clients, ...late]) client.close();
});
