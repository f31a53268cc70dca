import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type Identity } from '../client/client.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Connection, Notice } from '../protocol/messages.ts';
import { openPostgresStore } from '../server/store/postgres/postgres.ts';
import { Cluster } from '../testkit/cluster.ts';
import { isLive } from '../testkit/ending.ts';
import { startHub } from '../testkit/hub-process.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

/** A dead hub's lease takes ten seconds. */
const soon = { timeout: 30_000 };

/** What dispatch sees at one hub. */
function dispatchAt(url: string) {
  const client = connect({ url, identity: { role: 'admin' } });
  const here = new Map<string, Connection>();
  const notices: Notice[] = [];
  client.on('presence', ({ all, joined = [], left = [] }) => {
    if (all) here.clear();
    for (const one of [...(all ?? []), ...joined]) here.set(one.id, one);
    for (const id of left) here.delete(id);
  });
  client.on('notice', (list) => void notices.push(...list));
  const names = () => Array.from(here.values(), ({ role, who }) => `${role} ${who}`).sort();
  return { client, notices, names, [Symbol.dispose]: () => client.close() };
}

async function openClient(url: string, identity: Identity) {
  const client = connect({ url, identity });
  await isLive(client);
  return { client, [Symbol.dispose]: () => client.close() };
}

it('dispatch sees who is connected to every hub, until that hub or the client is gone', async () => {
  await using cluster = await Cluster.start({ hubs: 2, server });
  const [one, two] = cluster.hubs;
  using dispatch = dispatchAt(cluster.urlOf(0));
  await isLive(dispatch.client);
  using shop = await openClient(cluster.urlOf(1), { role: 'vendor', store: 'red' });
  using driver = await openClient(cluster.urlOf(1), { role: 'driver', driver: 'ana' });
  await expect.poll(dispatch.names, soon).toEqual(['admin admin', 'driver ana', 'vendor red']);
  // Whoever comes later is told of both as well.
  using later = dispatchAt(cluster.urlOf(1));
  await expect.poll(later.names, soon).toEqual(['admin admin', 'admin admin', 'driver ana', 'vendor red']);
  later.client.close();
  driver.client.close();
  await expect.poll(dispatch.names, soon).toEqual(['admin admin', 'vendor red']);
  await two?.kill();
  await expect.poll(dispatch.names, soon).toEqual(['admin admin']);
  await two?.start();
  await isLive(shop.client);
  await expect.poll(dispatch.names, soon).toEqual(['admin admin', 'vendor red']);
  expect([one?.logged, two?.logged]).toEqual(['', '']);
});

it('dispatch hears at any hub what another one refused', async () => {
  await using cluster = await Cluster.start({ hubs: 2, server });
  using dispatch = dispatchAt(cluster.urlOf(0));
  await isLive(dispatch.client);
  const bad = await fetch(`${cluster.urlOf(1)}/api/orders?as=store:red`, { method: 'POST', body: '{' });
  expect(bad.ok).toBe(false);
  await expect.poll(() => dispatch.notices.filter(({ kind }) => kind === 'refused'), soon).toHaveLength(1);
});

it('[A2] a key that is revoked at one hub ends its holder’s connections to the others within 5 s', async () => {
  await using cluster = await Cluster.start({
    hubs: 2,
    server,
    hub: { env: { CAPS_ADMIN_KEY: 'secret-secret' } },
  });
  const asAdmin = { authorization: 'Bearer secret-secret', 'content-type': 'application/json' };
  const issued = await fetch(`${cluster.urlOf(0)}/api/keys`, {
    method: 'POST',
    headers: asAdmin,
    body: JSON.stringify({ role: 'vendor', store: 'red' }),
  });
  const { id, key } = (await issued.json()) as { id: string; key: string };
  const socket = io(`${cluster.urlOf(1)}/caps`, {
    auth: { protocol: PROTOCOL_VERSION, role: 'vendor', store: 'red', key },
    transports: ['websocket'],
    reconnection: false,
  });
  await once(socket as never, 'welcome');
  const ended = once(socket as never, 'disconnect');
  const from = performance.now();
  const revoked = await fetch(`${cluster.urlOf(0)}/api/keys/${id}`, { method: 'DELETE', headers: asAdmin });
  expect(revoked.status).toBe(204);
  await ended;
  expect(performance.now() - from).toBeLessThan(5_000);
  socket.close();
});

it('[C3] a driver who is connected to another hub is not silent; one who has left all of them is', async () => {
  await using cluster = await Cluster.start({ hubs: 2, server, hub: { env: { CAPS_CLAIM_TIMEOUT: '3' } } });
  using shop = await openClient(cluster.urlOf(0), { role: 'vendor', store: 'red' });
  using driver = await openClient(cluster.urlOf(1), { role: 'driver', driver: 'ana' });
  const key = { store: 'red', orderID: '1' };
  await shop.client.command({ event: 'pickup', payload: { ...key, customer: 'Hulda', address: '1 Road' } });
  await driver.client.command({ event: 'claimed', payload: key });
  const released = new Promise<number>((resolve) =>
    shop.client.on('events', ({ records }) => {
      if (records.some(({ event }) => event === 'released')) resolve(performance.now());
    }),
  );
  const isReleased = await Promise.race([released, wait(9_000)]);
  expect(isReleased).toBeUndefined();
  driver.client.close();
  const left = performance.now();
  expect((await released) - left).toBeGreaterThan(3_000);
});

it('a hub with other settings of access is refused', async () => {
  await using cluster = await Cluster.start({ hubs: 1, server });
  const env = { DATABASE_URL: cluster.databaseUrl, CAPS_ADMIN_KEY: 'secret-secret' };
  await expect(startHub({ env })).rejects.toThrow(/other settings/);
});

it('a hub reads all that another one has told, however much', async () => {
  const url = await server.database();
  const folder = mkdtempSync(join(tmpdir(), 'caps-'));
  const open = (name: string) =>
    openPostgresStore({ url, folder: join(folder, name), settings: 'the same', tell: () => {} });
  const [one, two] = [await open('one'), await open('two')];
  try {
    const ids = Array.from({ length: 6_500 }, (_, i) => String(i));
    for (const id of ids) one.peers?.put('connection', id, 'here');
    const heard = new Set<string>();
    const removed: string[] = [];
    two.peers?.listen('connection', { put: (id) => heard.add(id), removed: (id) => removed.push(id) });
    await expect.poll(() => heard.size, soon).toBe(ids.length);
    // Whoever comes later reads it at once, in several pages.
    const three = await open('three');
    const later = new Set<string>();
    three.peers?.listen('connection', { put: (id) => later.add(id), removed: (id) => removed.push(id) });
    await expect.poll(() => later.size, soon).toBe(ids.length);
    expect(removed).toEqual([]);
    await three.close();
  } finally {
    await Promise.all([one.close(), two.close()]);
    rmSync(folder, { recursive: true });
  }
});

function wait(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
