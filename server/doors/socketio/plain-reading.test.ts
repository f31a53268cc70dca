/** What becomes of a plain client that reads more slowly than the hub records. */

import type { Socket as TcpSocket } from 'node:net';
import type { Socket } from 'socket.io-client';
import { expect, it } from 'vitest';
import type { Notice, Presence } from '../../../protocol/messages.ts';
import { startRealHub } from '../../../testkit/real-hub.ts';
import { dial, next, openClient, orderOf } from '../../../testkit/test-client.ts';

/** Under ten spellings, 150 kB for whoever has shown none. */
const long = 'x'.repeat(1_000);
const order = (id: number) =>
  orderOf('red', `${id}`, Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`line${i}`, long])));
/** Far more than the network takes: 60 MB. */
const count = 400;

/** The client's side of its connection, below the library. */
function wireOf(socket: Socket): TcpSocket {
  const { transport } = socket.io.engine as unknown as { transport: { ws: { _socket: TcpSocket } } };
  return transport.ws._socket;
}

it('[S2] a plain client that reads slowly gets all of it later, each once and in order, and dispatch sees that it lags', {
  timeout: 60_000,
}, async () => {
  const hub = await startRealHub({ CAPS_RATE: 'off' });
  const admin = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' });
  await next(admin, 'welcome');
  const lags: (boolean | undefined)[] = [];
  admin.on('presence', (change: Presence) => {
    const joined = ('joined' in change && change.joined) || [];
    for (const { role, lagging } of joined) if (role === 'plain') lags.push(lagging);
  });
  const slow = dial(`${hub.url}/caps`, {});
  const heard: string[] = [];
  slow.on('pickup', ({ orderID }: { orderID: string }) => heard.push(orderID));
  slow.on('disconnect', () => heard.push('cut off'));
  await next(slow, 'connect');
  const shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
  wireOf(slow).pause();
  for (let from = 0; from < count; from += 50) {
    const some = Array.from({ length: 50 }, (_, i) => order(from + i));
    for (const answer of await shop.send(...some)) expect(answer).toMatchObject({ ok: true });
  }
  await expect.poll(() => lags, { timeout: 10_000 }).toContain(true);
  wireOf(slow).resume();
  await expect.poll(() => heard.length, { timeout: 40_000 }).toBeGreaterThanOrEqual(count);
  expect(heard).toEqual(Array.from({ length: count }, (_, i) => `${i}`));
  await expect.poll(() => lags.at(-1), { timeout: 10_000 }).toBe(false);

  // It is among the others again.
  await shop.send(order(count));
  await expect.poll(() => heard.at(-1), { timeout: 10_000 }).toBe(`${count}`);
  expect(heard).toHaveLength(count + 1);
  for (const one of [admin, slow, shop]) one.close();
  await hub.close();
  expect(hub.faults).toEqual([]);
});

it('[S2] a plain client that goes on sending and does not read its answers is cut off, and dispatch is told', {
  timeout: 60_000,
}, async () => {
  const hub = await startRealHub({ CAPS_RATE: 'off' });
  const admin = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' });
  await next(admin, 'welcome');
  const said: string[] = [];
  admin.on('notice', (notices: readonly Notice[]) => said.push(...notices.map(({ message }) => message)));
  const rude = dial(`${hub.url}/caps`, {});
  const away = new Promise((resolve) => rude.on('disconnect', resolve));
  await next(rude, 'connect');
  wireOf(rude).pause();
  const asked = setInterval(() => {
    for (let i = 0; i < 100; i += 1) rude.emit('join', { room: `${i}`, long: 'x'.repeat(3_000) }, () => {});
    for (let i = 0; i < 300; i += 1) rude.emit('pickup', { store: 'red', orderID: 1, long }, () => {});
  }, 20);
  await expect
    .poll(() => said, { timeout: 40_000 })
    .toContain('A plain client does not read what it is sent.');
  clearInterval(asked);
  wireOf(rude).resume();
  await away;
  for (const one of [admin, rude]) one.close();
  await hub.close();
  expect(hub.faults).toEqual([]);
});
