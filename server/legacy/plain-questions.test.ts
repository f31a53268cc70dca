import { once } from 'node:events';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { dial, next, openClient, orderOf } from '../../testkit/test-client.ts';

const ready = 40;

let hub: RealHub;
const lines: TcpLine[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  hub = await startRealHub({ CAPS_RATE: 'off' });
  const shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
  await shop.send(...Array.from({ length: ready }, (_, i) => orderOf('red', `${i}`)));
  shop.close();
});
afterEach(() => {
  for (const one of [...lines.splice(0), ...sockets.splice(0)]) one.close();
  expect(hub.faults).toEqual([]);
});
afterAll(() => hub.close());

async function opened(): Promise<TcpLine> {
  const line = new TcpLine(hub.tcpPort);
  lines.push(line);
  await once(line.socket, 'connect');
  return line;
}

async function joined(): Promise<Socket> {
  const socket = dial(`${hub.url}/caps`, {});
  sockets.push(socket);
  await next(socket, 'connect');
  return socket;
}

const pickups = (line: TcpLine) => line.heard.filter((text) => text.startsWith('{"event":"pickup"'));

describe('[S3] who asks for a queue again and again', () => {
  it('on TCP is told it once more when it has been told it, and its orders do not wait for that', async () => {
    const line = await opened();
    line.write('{"event":"getall","payload":1}\n'.repeat(200));
    line.write(orderOf('blue', 'meanwhile'));
    await line.message(({ event, payload }) => event === 'pickup' && payload['orderID'] === 'meanwhile');
    while (pickups(line).length < 4 * ready) await once(line.socket, 'data');
    line.write('PING.');
    await line.line('PONG.');
    // Three at once, until more than a hundred lines wait, and one for all the others.
    expect(pickups(line).length).toBeLessThan(4 * ready + 10);
  });

  it('on Socket.IO is told it once more when it has been told it, and its orders do not wait for that', async () => {
    const [socket, other] = [await joined(), await joined()];
    let told = 0;
    socket.on('pickup', ({ store }: { store: string }) => {
      if (store === 'red') told += 1;
    });
    const person = { customer: 'Hulda', address: '835 Meluk Pass' };
    // From then on nothing of what came before is news.
    other.emit('pickup', { store: 'green', orderID: 'before', ...person });
    await next(socket, 'pickup');
    told = 0;
    for (let i = 0; i < 200; i += 1) socket.emit('getall', { queueId: 'driver' });
    await socket.emitWithAck('pickup', { store: 'green', orderID: 'meanwhile', ...person });
    expect(told).toBe(ready);
    while (told < 2 * ready) await next(socket, 'pickup');
    // What is asked now is answered when that has had its moment.
    socket.emit('getall', { queueId: 'driver' });
    while (told < 3 * ready) await next(socket, 'pickup');
    await socket.emitWithAck('pickup', { store: 'green' });
    expect(told).toBe(3 * ready);
  });

  it('and of very many queues is refused the rest, as too fast', async () => {
    const admin = await openClient(hub.url, { role: 'admin' });
    const line = await opened();
    const ask = (i: number) =>
      JSON.stringify({ event: 'getall', payload: { store: `s${i}`, event: 'delivered' } });
    line.write('{"event":"getall","payload":1}'.repeat(4));
    line.write(Array.from({ length: 60 }, (_, i) => ask(i)).join('\n'));
    expect(await line.error()).toBe('too-fast');
    await admin.notice('too-fast');
    admin.close();
  });

  it('and is gone has its orders recorded all the same', async () => {
    const socket = await joined();
    const bystander = await joined();
    for (let i = 0; i < 900; i += 1) socket.emit('getall', { queueId: i % 2 ? 'driver' : 'red', i });
    socket.emit('pickup', { store: 'last', orderID: 'words', customer: 'Hulda', address: '835 Meluk Pass' });
    const heard = new Promise<void>((resolve) => {
      bystander.on('pickup', ({ store }: { store: string }) => {
        if (store === 'last') resolve();
      });
    });
    socket.close();
    await heard;
  });
});

it('a client that stops sending while it is told a long queue is told all of it, and then let go', async () => {
  const shop = await openClient(hub.url, { role: 'vendor', store: 'long' });
  await shop.send(...Array.from({ length: 250 }, (_, i) => orderOf('long', `a${i}`)));
  await shop.send(...Array.from({ length: 210 }, (_, i) => orderOf('long', `b${i}`)));
  shop.close();
  const line = await opened();
  line.write('{"event":"getall","payload":1}\n');
  await line.message(({ event }) => event === 'pickup');
  const from = Date.now();
  line.socket.end();
  await line.ended;
  expect(Date.now() - from).toBeLessThan(25_000);
  expect(pickups(line).length).toBeGreaterThanOrEqual(500);
});
