/** A driver who claimed a parcel and then does no more than show that they are there, at each door. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { openClient, openTcpClient, orderOf } from '../../testkit/test-client.ts';

let hub: RealHub;
beforeAll(async () => {
  hub = await startRealHub({ CAPS_CLAIM_TIMEOUT: '1' });
});
afterAll(() => hub.close());

it('[C3] whoever is heard of at any door keeps what they claimed; whoever is not loses it and reads so when they return', async () => {
  const request = (path: string) => fetch(hub.url + path, { method: 'POST' });
  const shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
  const drivers = ['silent', 'requests', 'refused', 'streams', 'tcp', 'socket'];
  await shop.send(...[...drivers, 'plain', 'later'].map((id) => orderOf('red', id)));
  const plain = new TcpLine(hub.tcpPort);
  plain.write({ event: 'claimed', payload: { store: 'red', orderID: 'plain' } });
  await shop.record('claimed', 'plain');
  for (const driver of drivers) await request(`/api/orders/red/${driver}/claimed?as=driver:${driver}`);

  const ending = new AbortController();
  const stream = await fetch(`${hub.url}/api/events?as=driver:streams`, {
    headers: { accept: 'text/event-stream' },
    signal: ending.signal,
  });
  const line = await openTcpClient(hub.tcpPort, { role: 'driver', driver: 'tcp' });
  const socket = await openClient(hub.url, { role: 'driver', driver: 'socket' });
  const beat = setInterval(() => {
    void fetch(`${hub.url}/api/orders?as=driver:requests`);
    void request('/api/orders/red/unknown/in-transit?as=driver:refused');
  }, 200);

  expect(await shop.record('released', 'silent')).toMatchObject({ by: { role: 'hub' }, via: 'hub' });
  // Twice the time: another one comes and goes.
  await request('/api/orders/red/later/claimed?as=driver:silent');
  await shop.record('released', 'later');
  clearInterval(beat);
  const list = await fetch(`${hub.url}/api/orders?status=claimed`).then((answer) => answer.json());
  const claimed = list.items.map(({ payload }: { payload: { orderID: string } }) => payload.orderID);
  expect(claimed.sort()).toEqual([...drivers.slice(1), 'plain'].sort());

  const silent = await openClient(hub.url, { role: 'driver', driver: 'silent', after: '0' });
  await Promise.all(['silent', 'later'].map((id) => silent.record('released', id)));
  expect((await request('/api/orders/red/silent/released?as=driver:silent')).status).toBe(409);

  ending.abort();
  await stream.body?.cancel().catch(() => {});
  for (const one of [plain, line, socket, shop, silent]) one.close();
  expect(hub.faults).toEqual([]);
});
