import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type Identity } from '../client/client.ts';
import { Cluster } from '../testkit/cluster.ts';
import { isLive } from '../testkit/ending.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';

const hourMs = 3_600_000;
const words = 'The log’s last record lies';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

/** @param offset of the first hub's clock, as faketime reads it */
function startBeside(offset: string): Promise<Cluster> {
  // Preloaded, because the program would stay beside its hub, and hands no signal on.
  const library = execFileSync('faketime', ['-f', offset, 'printenv', 'LD_PRELOAD'], {
    encoding: 'utf8',
  }).trim();
  const wrong = { LD_PRELOAD: library, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
  const env = { CAPS_CLAIM_TIMEOUT: '3' };
  const hubAt = (i: number) => ({ env: i === 0 ? { ...env, ...wrong } : env });
  return Cluster.start({ hubs: 2, server, hubAt });
}

async function place(cluster: Cluster, hub: number, orderID: string): Promise<void> {
  const body = JSON.stringify({ store: 'red', orderID, customer: 'Hulda', address: '1 Long Road' });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${cluster.urlOf(hub)}/api/orders?as=store:red`, {
    method: 'POST',
    headers,
    body,
  });
  expect(answer.status).toBe(201);
}

async function placeInTurns(cluster: Cluster): Promise<void> {
  await place(cluster, 1, 'first');
  for (let i = 0; i < 6; i += 1) await place(cluster, i % 2, String(i));
}

it('a hub whose clock is an hour ahead: the log’s time never runs backwards, and the other hub says so', async () => {
  await using cluster = await startBeside('+1h');
  await placeInTurns(cluster);
  const { log } = await cluster.whole();
  const times = log.map(({ time }) => time);
  expect(times).toEqual(times.toSorted());
  expect(Date.parse(times.at(-1) ?? '') - Date.parse(times[0] ?? '')).toBeGreaterThan(hourMs - 60_000);
  // What the right clock said stands beside it.
  expect(log.filter(({ machineTime }) => machineTime !== undefined)).toHaveLength(3);
  await expect.poll(() => cluster.hubs[1]?.logged, { timeout: 20_000 }).toContain(words);
  expect(cluster.hubs[0]?.logged).not.toContain(words);
});

it('[C3] a hub whose clock is an hour behind says so, keeps the log’s time, and takes no parcel from a driver who is there', async () => {
  await using cluster = await startBeside('-1h');
  const join = async (hub: number, identity: Identity) => {
    const client = connect({ url: cluster.urlOf(hub), identity });
    await isLive(client);
    return client;
  };
  const drivers = [
    await join(0, { role: 'driver', driver: 'ana' }),
    await join(1, { role: 'driver', driver: 'ben' }),
  ];
  const dispatch = await join(1, { role: 'admin' });
  const released: string[] = [];
  const { promise: bothReleased, resolve } = Promise.withResolvers<void>();
  dispatch.on('events', ({ records }) => {
    for (const { event, payload } of records) if (event === 'released') released.push(payload.orderID);
    if (released.length === 2) resolve();
  });
  await placeInTurns(cluster);
  for (const [i, driver] of drivers.entries()) {
    const claim = { event: 'claimed', payload: { store: 'red', orderID: String(i) } } as const;
    expect(await driver.command(claim)).toMatchObject({ ok: true });
  }
  // It looks every ten seconds, which is longer than a silent driver keeps a parcel.
  await expect.poll(() => cluster.hubs[0]?.logged, { timeout: 20_000 }).toContain(words);
  expect(cluster.hubs[1]?.logged).not.toContain(words);
  expect(released).toEqual([]);
  for (const driver of drivers) driver.close();
  await bothReleased;
  dispatch.close();
  const { log } = await cluster.whole();
  const times = log.map(({ time }) => time);
  expect(times).toEqual(times.toSorted());
  expect(Date.parse(times.at(-1) ?? '') - Date.parse(times[0] ?? '')).toBeLessThan(hourMs / 2);
  // What the wrong clock said stands beside it: three orders, and what the driver there has done.
  const beside = log.filter(({ machineTime }) => machineTime !== undefined);
  expect(beside.length).toBeGreaterThanOrEqual(4);
  for (const { time, machineTime = '' } of beside)
    expect(Date.parse(time) - Date.parse(machineTime)).toBeGreaterThan(hourMs - 60_000);
});
