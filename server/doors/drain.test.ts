/** A hub that drains: what each door says and does, between SIGTERM and the stop. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { openStream } from '../../testkit/rest-client.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { dial, next, orderOf } from '../../testkit/test-client.ts';

let hub: RealHub;
/** Long enough for any machine; closing the hub ends it. */
const longDrain = { CAPS_DRAIN: '600' };
afterEach(async () => {
  await hub.close();
  expect(hub.faults).toEqual([]);
});

const headers = { 'content-type': 'application/json' };
const order = (orderID: string) =>
  JSON.stringify({ store: 'red', orderID, customer: 'Hulda', address: '835 Meluk Pass' });
const place = (orderID: string) =>
  fetch(`${hub.url}/api/orders`, { method: 'POST', headers, body: order(orderID) });

it('[S4] it is not ready at once, and takes requests and connections all the same until it stops', async () => {
  hub = await startRealHub(longDrain);
  expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
  const drained = hub.drain();
  const readiness = await fetch(`${hub.url}/readyz`);
  expect([readiness.status, await readiness.json()]).toEqual([503, { status: 'the hub is stopping' }]);
  const answer = await place('1');
  expect(answer.status).toBe(201);
  const socket = dial(`${hub.url}/caps`, { protocol: 1, role: 'vendor', store: 'red' });
  await next(socket, 'welcome');
  expect(await socket.emitWithAck('commands', [orderOf('red', '2')])).toMatchObject([{ ok: true }]);
  socket.close();
  await hub.close();
  await drained;
});

it('[S4] it ends each HTTP connection with its answer, so that no request comes on one that it closes', async () => {
  hub = await startRealHub(longDrain);
  const drained = hub.drain();
  const socket = connect(hub.port, '127.0.0.1');
  socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n');
  expect((await socket.toArray()).join('')).toMatch(/^HTTP\/1\.1 200 .*\r\nConnection: close\r\n/s);
  await hub.close();
  await drained;
});

it('[S4] long connections of every door are sent away, with a time to come back where the door can say one', async () => {
  hub = await startRealHub({ CAPS_DRAIN: '4' });
  const { tracking } = (await (await place('1')).json()) as { tracking: string };
  const client = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' });
  const plain = dial(`${hub.url}/caps`, {});
  const polling = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' }, { transports: ['polling'] });
  await Promise.all([next(client, 'welcome'), next(plain, 'connect'), next(polling, 'welcome')]);
  const left = Promise.all([client, plain, polling].map((socket) => next<string>(socket, 'disconnect')));
  const session = new TcpLine(hub.tcpPort);
  session.write({ event: 'hello', payload: { role: 'admin' } });
  await session.message(({ event }) => event === 'welcome');
  const gateway = new TcpLine(hub.tcpPort);
  gateway.write('PING.\n');
  await gateway.line('PONG.');
  const log = await openStream(`${hub.url}/api/events`);
  const news = await openStream(`${hub.url}/api/connections`);
  const parcel = await openStream(`${tracking}/live`);
  const page = new WebSocket(`${tracking}/live`.replace('http', 'ws'));
  await once(page, 'message');
  const closed = once(page, 'close');

  await hub.drain();
  // Before the hub closes anything.
  expect(await left).toEqual(Array.from({ length: 3 }, () => 'transport close'));
  for (const line of [session, gateway]) {
    await line.ended;
    const { event, payload } = JSON.parse(line.heard.at(-1) ?? '') as { event: string; payload: object };
    const details = { retryAfterMs: expect.any(Number) };
    expect([event, payload]).toMatchObject(['error', { code: 'unavailable', retryable: true, details }]);
  }
  for (const stream of [log, news, parcel]) {
    await stream.ended;
    expect(stream.messages.at(-1)).toEqual({ retry: expect.stringMatching(/^\d{3,4}$/) });
  }
  expect((await closed)[0]).toBe(1_001);
  for (const socket of [client, plain, polling]) socket.close();
});

it('[S4] a plain client with a hundred lines to come gets them all, and then the word to come back', async () => {
  hub = await startRealHub({ CAPS_DRAIN: '4' });
  const line = new TcpLine(hub.tcpPort);
  line.write('PING.\n');
  await line.line('PONG.');
  const socket = dial(`${hub.url}/caps`, { protocol: 1, role: 'vendor', store: 'red' });
  await next(socket, 'welcome');
  const drained = hub.drain();
  // Until it is sent away, there are always lines that wait for their turn, 25 ms apart.
  for (let round = 0; socket.connected; round += 1) {
    const batch = Array.from({ length: 5 }, (_, i) => orderOf('red', `${round}-${i}`));
    await socket.emitWithAck('commands', batch).catch(() => {});
  }
  await drained;
  await hub.close();
  await line.ended;
  expect(line.heard.at(-1)).toContain('"code":"unavailable"');
});
