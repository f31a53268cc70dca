import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import { openClient, orderOf, stepOf, type TestClient } from '../../../testkit/test-client.ts';

let hub: RealHub;
let shop: TestClient;
let driver: TestClient;
beforeAll(async () => {
  hub = await startRealHub();
  shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
  driver = await openClient(hub.url, { role: 'driver', driver: 'ana', name: 'Ana' });
});
afterAll(async () => {
  for (const one of [shop, driver]) one.close();
  await hub.close();
  expect(hub.faults).toEqual([]);
});

/** @returns where the customer of a new order goes */
async function placed(orderID: string): Promise<string> {
  await shop.send(orderOf('red', orderID));
  const { tracking } = (await (await fetch(`${hub.url}/api/orders/red/${orderID}`)).json()) as {
    tracking: string;
  };
  return new URL(tracking).pathname;
}

/** A page that is open somewhere: what it has heard, and with which code it ended. */
function opened(path: string, options: object = {}) {
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}${path}/live`, options);
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(String(data)));
  const ended = new Promise<number | undefined>((resolve) => {
    socket.on('close', resolve);
    socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode));
    socket.on('error', () => {});
  });
  return { socket, heard, ended };
}

it('[A1] a page is told each later state of its parcel, and nothing of any other', async () => {
  const path = await placed('mine');
  await placed('elsewhere');
  const { socket, heard } = opened(path);
  await vi.waitFor(() => expect(heard).toHaveLength(1));
  await driver.send(stepOf('claimed', 'red', 'elsewhere'), stepOf('in-transit', 'red', 'mine'));
  await vi.waitFor(() => expect(heard).toHaveLength(2));
  const messages = heard.map((text) => JSON.parse(text) as { event: string; data: { title: string } });
  expect(messages.map(({ event, data }) => [event, data.title])).toEqual([
    ['state', 'Order mine: ready'],
    ['state', 'Order mine: in transit'],
  ]);
  expect(heard.join()).not.toMatch(/elsewhere|"seq"|trk_/);
  socket.close();
});

it('[A1] a link that leads nowhere is refused, and told to dispatch', async () => {
  const dispatch = await openClient(hub.url, { role: 'admin' });
  expect(await opened(`/track/trk_${'A'.repeat(32)}`).ended).toBe(404);
  await dispatch.notice('unknown-parcel');
  dispatch.close();
});

it('a page says nothing: one that does is cut off, and nothing of it is kept', async () => {
  const path = await placed('loud');
  const { socket, heard, ended } = opened(path);
  await vi.waitFor(() => expect(heard).toHaveLength(1));
  socket.send('x'.repeat(2_000));
  expect(await ended).toBe(1009);
  const { socket: brief, ended: endedToo } = opened(path);
  brief.on('open', () => brief.send('hello'));
  expect(await endedToo).toBe(1006);
});

it('[S4] pages are told when the hub stops, and no page holds it up', async () => {
  const stopping = await startRealHub();
  const there = await openClient(stopping.url, { role: 'vendor', store: 'red' });
  await there.send(orderOf('red', '1'));
  const order = (await (await fetch(`${stopping.url}/api/orders/red/1`)).json()) as { tracking: string };
  const socket = new WebSocket(`${order.tracking.replace('http', 'ws')}/live`);
  await new Promise((resolve) => socket.once('message', resolve));
  const ended = new Promise((resolve) => socket.once('close', resolve));
  there.close();
  await stopping.close();
  expect(await ended).toBe(1001);
});
