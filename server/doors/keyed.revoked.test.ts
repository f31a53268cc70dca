import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ClientOptions, connect, type Identity } from '../../client/client.ts';
import { tcpWire } from '../../client/tcp-wire.ts';
import type { IssuedKey } from '../../protocol/rest.ts';
import { adminKey, asJson, type KeyedHub, startKeyedHub } from '../../testkit/keyed-hub.ts';
import { openStream } from '../../testkit/rest-client.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { dial, next, openClient, orderOf, refusalOf, type TestClient } from '../../testkit/test-client.ts';

/** A revoked key's connections end within it. */
const endsWithinMs = 5_000;

let hub: KeyedHub;
let shop: TestClient;
beforeAll(async () => {
  hub = await startKeyedHub();
  shop = await openClient(hub.url, await hub.keyed({ role: 'vendor', store: 'red' }));
});
afterAll(async () => {
  shop.close();
  await hub.close();
  expect(hub.faults).toEqual([]);
});

/** Somebody at a door, live. */
interface Guest {
  /** Resolves when the connection is gone. */
  readonly ended: Promise<unknown>;
  /** All that came. */
  readonly heard: () => string;
  close(): void;
}

type Come = (who: Identity, key: string) => Promise<Guest>;

const bySocketIo =
  (...transports: ('websocket' | 'polling')[]): Come =>
  async (who, key) => {
    const socket = dial(`${hub.url}/caps`, { protocol: 1, ...who, key }, { transports });
    let heard = '';
    socket.onAny((...message) => {
      heard += JSON.stringify(message);
    });
    await next(socket, 'welcome');
    return { ended: next(socket, 'disconnect'), heard: () => heard, close: () => socket.close() };
  };
const byTcp: Come = async (who, key) => {
  const line = new TcpLine(hub.tcpPort);
  line.write({ event: 'hello', payload: { ...who, key } });
  await line.message(({ event }) => event === 'welcome');
  return { ended: line.ended, heard: () => line.heard.join('\n'), close: () => line.close() };
};
const byStream =
  (path: string, first: (message: { id?: string; event?: string }) => boolean): Come =>
  async (_, key) => {
    const stream = await openStream(hub.url + path, { authorization: `Bearer ${key}` });
    await stream.until(first);
    const heard = () => JSON.stringify(stream.messages);
    return { ended: stream.ended, heard, close: () => stream.close() };
  };

const cases: [string, Identity, Come][] = [
  ['a driver by WebSocket', { role: 'driver', driver: 'ana' }, bySocketIo('websocket')],
  ['a driver by polling', { role: 'driver', driver: 'ana' }, bySocketIo('polling')],
  ['a shop by WebSocket', { role: 'vendor', store: 'red' }, bySocketIo('polling', 'websocket')],
  ['dispatch by WebSocket', { role: 'admin' }, bySocketIo('websocket')],
  ['a shop by TCP', { role: 'vendor', store: 'red' }, byTcp],
  ['dispatch by TCP', { role: 'admin' }, byTcp],
  [
    'a shop that follows the log',
    { role: 'vendor', store: 'red' },
    byStream('/api/events', ({ id }) => id !== undefined),
  ],
  ['dispatch that follows the log', { role: 'admin' }, byStream('/api/events', ({ id }) => id !== undefined)],
  [
    'dispatch that sees who is there',
    { role: 'admin' },
    byStream('/api/connections', ({ event }) => event === 'presence'),
  ],
];

it.each(cases)(
  '[A2] %s hears nothing more once their key is revoked, and is gone',
  async (what, who, come) => {
    const [revoked, kept] = [await hub.issue(who), await hub.issue(who)] as [IssuedKey, IssuedKey];
    const guests = [await come(who, revoked.key), await come(who, revoked.key)];
    const other = await come(who, kept.key);
    let isOtherGone = false;
    void other.ended.then(() => {
      isOtherGone = true;
    });
    const start = performance.now();
    await hub.revoke(revoked.id);
    const orderID = `after ${what}`;
    expect(await shop.send(orderOf('red', orderID))).toMatchObject([{ ok: true }]);
    await shop.record('pickup', orderID);
    await Promise.all(guests.map(({ ended }) => ended));
    expect(performance.now() - start).toBeLessThan(endsWithinMs);
    for (const { heard } of guests) expect(heard()).not.toContain(orderID);
    expect(isOtherGone).toBe(false);
    other.close();
  },
);

it('[A2] a client with a revoked key does not come back', async () => {
  const who = { role: 'driver', driver: 'ana' } as const;
  const { key, id } = await hub.issue(who);
  const guest = await bySocketIo('websocket')(who, key);
  await hub.revoke(id);
  await guest.ended;
  expect(await refusalOf(dial(`${hub.url}/caps`, { protocol: 1, ...who, key }))).toBe('unauthorized');
  expect((await hub.ask('/api/orders', key)).status).toBe(401);
});

it.each<[string, () => Pick<ClientOptions, 'dial'>]>([
  ['Socket.IO', () => ({})],
  ['TCP', () => ({ dial: tcpWire('127.0.0.1', hub.tcpPort) })],
])('[A2] a client of ours by %s is told that its key opens nothing any more', async (_, options) => {
  const { key, id } = await hub.issue({ role: 'driver', driver: 'ana' });
  const client = connect({ url: hub.url, identity: { role: 'driver', driver: 'ana', key }, ...options() });
  const refused = new Promise((resolve) => {
    client.on('state', (state) => {
      if (state.kind === 'live' && state.rttMs === undefined) void hub.revoke(id);
      if (state.kind === 'refused') resolve(state.error);
    });
  });
  expect(await refused).toMatchObject({
    code: 'unauthorized',
    message: 'This needs a valid access key that fits who you say you are; ask dispatch for one.',
  });
  client.close();
});

it('[A2] an admin may revoke their own key, and is told that it is done', async () => {
  const { key, id } = await hub.issue({ role: 'admin', name: 'Desk' });
  const guest = await byTcp({ role: 'admin' }, key);
  expect((await hub.ask(`/api/keys/${id}`, key, { method: 'DELETE' })).status).toBe(204);
  await guest.ended;
  expect(guest.heard()).toContain('"code":"unauthorized"');
  expect((await hub.ask('/api/keys', key)).status).toBe(401);
  expect((await hub.ask('/api/keys', adminKey)).status).toBe(200);
});

it('[D4] the command ids of two admins are their own', async () => {
  const place = async (key: string, orderID: string) => {
    const order = { store: 'red', orderID, customer: 'Hulda', address: '835 Meluk Pass' };
    const { headers, ...request } = asJson('POST', order);
    const sent = await hub.ask('/api/orders', key, {
      ...request,
      headers: { ...headers, 'idempotency-key': 'one' },
    });
    return sent.status;
  };
  const [desk, night] = [
    await hub.issue({ role: 'admin' }),
    await hub.issue({ role: 'admin', name: 'Night' }),
  ];
  expect([await place(desk.key, 'd1'), await place(night.key, 'd2'), await place(adminKey, 'd3')]).toEqual([
    201, 201, 201,
  ]);
  expect([await place(desk.key, 'd1'), await place(desk.key, 'd2')]).toEqual([200, 409]);
  const page = await hub.ask('/api/events?q=order:d2', desk.key);
  expect(await page.json()).toMatchObject({
    items: [{ by: { role: 'admin', id: night.id, name: 'Night' } }],
  });
});
