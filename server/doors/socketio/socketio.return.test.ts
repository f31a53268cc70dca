/** Whoever is cut off and may come again does so by itself: with the library as it is, of any version, and no line of ours. */

import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { io as io4 } from 'socket.io-client';
import io2 from 'socket.io-client-2';
import { io as io3 } from 'socket.io-client-3';
import { describe, expect, it } from 'vitest';
import { reservePort } from '../../../testkit/ports.ts';
import { startApp, startRealHub } from '../../../testkit/real-hub.ts';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { storeWith } from '../../../testkit/simulation/store.ts';

/** What the three versions have in common. */
interface AnyClient {
  on(event: string, heard: (...args: never[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  close(): unknown;
}
type Dial = (url: string, options: object) => AnyClient;
const versions: readonly (readonly [string, Dial])[] = [
  ['2', io2 as unknown as Dial],
  ['3', io3 as unknown as Dial],
  ['4', io4],
];
const quick = { forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 200 };

describe.each(versions)('a client of version %s', (_, dial) => {
  it.each(['websocket', 'polling'])(
    'returns by itself to a hub that was stopped and started again: %s',
    async (transport) => {
      const folder = memoryFolder();
      const { port, release } = await reservePort();
      const places = { PORT: `${port}`, CAPS_TCP_PORT: 'off', HOST: '127.0.0.1', CAPS_DATA: folder };
      const start = () => startApp({ ...places, LOG_LEVEL: 'silent' });
      let app = await start();
      let connects = 0;
      let more = Promise.withResolvers<void>();
      const client = dial(`${app.url}/caps`, { ...quick, transports: [transport] });
      client.on('connect', () => {
        connects += 1;
        more.resolve();
      });
      for (let round = 1; round <= 2; round += 1) {
        await more.promise;
        more = Promise.withResolvers();
        expect(connects).toBe(round);
        await app.close();
        app = await start();
      }
      await more.promise;
      // And is served, not only connected.
      const heard = new Promise((resolve) => client.on('pickup', resolve as never));
      client.emit('pickup', { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' });
      expect(await heard).toMatchObject({ orderID: '1' });
      client.close();
      await app.close();
      release();
      rmSync(folder, { recursive: true });
    },
  );
});

it('one that says who it is goes on after the hub has cut it off', async () => {
  let isBroken = false;
  const hub = await startRealHub({}, undefined, (store) =>
    storeWith(store, {
      headOf: (scope) => (isBroken ? Promise.reject(new Error('the disk is gone')) : store.headOf(scope)),
    }),
  );
  isBroken = true;
  const auth = { protocol: 1, role: 'vendor', store: 'red' };
  const client = io4(`${hub.url}/caps`, { ...quick, auth });
  const [reason] = await once(client as never, 'disconnect');
  expect(reason).toBe('transport close');
  isBroken = false;
  await once(client as never, 'welcome');
  client.close();
  await hub.close();
});

it('one whose key is revoked does not come back by itself', async () => {
  const adminKey = 'adm-0123456789abcdef';
  const hub = await startRealHub({ CAPS_ADMIN_KEY: adminKey });
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ role: 'vendor', store: 'red' });
  const { key, id } = await (await fetch(`${hub.url}/api/keys`, { method: 'POST', headers, body })).json();
  const client = io4(`${hub.url}/caps`, {
    ...quick,
    auth: { protocol: 1, role: 'vendor', store: 'red', key },
  });
  await once(client as never, 'welcome');
  const gone = once(client as never, 'disconnect');
  await fetch(`${hub.url}/api/keys/${id}`, { method: 'DELETE', headers });
  expect((await gone)[0]).toBe('io server disconnect');
  expect(client.active).toBe(false);
  client.close();
  await hub.close();
});
