import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { io as io4 } from 'socket.io-client';
import io2 from 'socket.io-client-2';
import { io as io3 } from 'socket.io-client-3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  describePlain,
  PlainRecorder,
  type PlainTestClient,
} from '../../testkit/contracts/plain.contract.ts';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { readLines } from '../../testkit/tcp-lines.ts';
import { openClient, stepOf, type TestClient } from '../../testkit/test-client.ts';

/** What the versions of the library have in common. */
interface AnySocket {
  on(event: string, listener: (payload: unknown) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  close(): unknown;
}
type Dial = (url: string) => AnySocket;

const versions: [name: string, dial: Dial][] = [
  ['version 2', (url) => io2(url, { forceNew: true, reconnection: false })],
  ['version 3', (url) => io3(url, { forceNew: true, reconnection: false })],
  ['version 4', (url) => io4(url, { forceNew: true, reconnection: false })],
];

const spellings = ['pickup', 'in-transit', 'delivered', 'PICKUP', 'IN_TRANSIT', 'DELIVERED'];

async function visitBySocketIo(dial: Dial, url: string): Promise<PlainTestClient> {
  const recorder = new PlainRecorder();
  const socket = dial(url);
  for (const event of [...spellings, 'joined']) socket.on(event, (payload) => recorder.hear(event, payload));
  await once(socket as never, 'connect');
  return {
    send: (event, payload) => void socket.emit(event, payload),
    hears: (event, orderID) => recorder.hears(event, orderID),
    count: (event, orderID) => recorder.count(event, orderID),
    close: () => void socket.close(),
  };
}

for (const [name, dial] of versions) {
  describePlain(`Socket.IO, ${name}`, (hub) => visitBySocketIo(dial, `${hub.url}/caps`), false);
}
describePlain(
  'Socket.IO in the other namespace',
  (hub) => visitBySocketIo((url) => io4(url, { forceNew: true, transports: ['polling'] }), `${hub.url}/csps`),
  false,
);
describePlain(
  'TCP',
  async (hub) => {
    const recorder = new PlainRecorder();
    const socket = connectTcp({ port: hub.tcpPort, host: '127.0.0.1' });
    readLines(socket, (line) => {
      const { event, payload } = JSON.parse(line) as { event: string; payload: unknown };
      recorder.hear(event, payload);
    });
    await once(socket, 'connect');
    return {
      send: (event, payload) => void socket.write(JSON.stringify({ event, payload })),
      hears: (event, orderID) => recorder.hears(event, orderID),
      count: (event, orderID) => recorder.count(event, orderID),
      close: () => void socket.destroy(),
    };
  },
  true,
);

// ---- rooms and queues, which are Socket.IO's alone ----

let hub: RealHub;
let ana: TestClient;
let red: TestClient;
const sockets: AnySocket[] = [];

beforeAll(async () => {
  hub = await startRealHub();
  ana = await openClient(hub.url, { role: 'driver', driver: 'ana' });
  red = await openClient(hub.url, { role: 'vendor', store: 'red' });
});
afterAll(async () => {
  for (const socket of sockets) socket.close();
  ana.close();
  red.close();
  await hub.close();
  expect(hub.faults).toEqual([]);
});

async function joined(...names: unknown[]): Promise<{ socket: AnySocket; recorder: PlainRecorder }> {
  const recorder = new PlainRecorder();
  const socket = io4(`${hub.url}/caps`, { forceNew: true, reconnection: false });
  sockets.push(socket);
  for (const event of spellings) socket.on(event, (payload) => recorder.hear(event, payload));
  await once(socket as never, 'connect');
  for (const name of names) socket.emit('join', name);
  return { socket, recorder };
}

const order = (orderID: string, more: object = {}) => ({
  ...{ store: 'red', orderID, customer: 'Hulda', address: 'Pass' },
  ...more,
});

/** Has ana deliver it. */
async function deliver(store: string, orderID: string): Promise<void> {
  const steps = ['claimed', 'in-transit', 'delivered'].map((event) => stepOf(event, store, orderID));
  expect(await ana.send(...steps)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
}

describe('a room', () => {
  it.each([
    ['its name', 'red'],
    ['queueId', { queueId: 'red' }],
    ['clientId', { clientId: 'red' }],
    ['storeName', { storeName: 'red' }],
    ['roomName', { roomName: 'red' }],
    ['store', { store: 'red' }],
  ])('is joined by %s', async (how, name) => {
    const { recorder } = await joined(name);
    const sent = order(`joined by ${how}`);
    await red.send({ event: 'pickup', payload: sent });
    await deliver('red', sent.orderID);
    await recorder.hears('delivered', sent.orderID);
    expect(recorder.count('in-transit', sent.orderID)).toBe(1);
    expect(recorder.count('delivered', sent.orderID)).toBe(1);
    // In whichever spelling it listens.
    expect(recorder.count('DELIVERED', sent.orderID)).toBe(1);
  });

  it('and the connection that sent the order hear of it once, not twice', async () => {
    const { socket, recorder } = await joined('red');
    socket.emit('pickup', order('both'));
    await recorder.hears('pickup', 'both');
    await deliver('red', 'both');
    await recorder.hears('delivered', 'both');
    socket.emit('pickup', order('after both'));
    await recorder.hears('pickup', 'after both');
    expect(recorder.count('delivered', 'both')).toBe(1);
  });

  it('[S3] is one of a hundred at most', async () => {
    const { socket, recorder } = await joined(...Array.from({ length: 150 }, (_, i) => `room ${i}`));
    socket.emit('join', 'red');
    socket.emit('pickup', order('many rooms', { store: 'elsewhere' }));
    await recorder.hears('pickup', 'many rooms');
    await red.send({ event: 'pickup', payload: order('unheard') });
    await deliver('red', 'unheard');
    await deliver('elsewhere', 'many rooms');
    await recorder.hears('delivered', 'many rooms');
    expect(recorder.count('delivered', 'unheard')).toBe(0);
  });
});

describe('a queue', () => {
  const ask = async (...args: [string, ...unknown[]]) => {
    const { socket, recorder } = await joined();
    socket.emit(...args);
    return { socket, recorder };
  };

  it.each([
    ['getAll', 'queue-shop'],
    ['getAll', { queueId: 'queue-shop' }],
    ['getall', { clientId: 'queue-shop', event: 'delivered' }],
    ['getAll', { vendorId: 'queue-shop' }],
    ['getAll', { store: 'queue-shop' }],
    ['notifyDelivered', { clientId: 'queue-shop' }],
  ])('[D3] of a store holds what was delivered while it was away: %s %j', async (word, name) => {
    const orderID = `away ${word} ${JSON.stringify(name)}`;
    const { socket: shop, recorder } = await joined();
    shop.emit('pickup', order(orderID, { store: 'queue-shop' }));
    await recorder.hears('pickup', orderID);
    shop.close();
    await deliver('queue-shop', orderID);
    const { recorder: again } = await ask(word, name);
    expect(await again.hears('delivered', orderID)).toMatchObject({ store: 'queue-shop', customer: 'Hulda' });
  });

  it.each([
    ['the payload', (payload: object) => ({ ...payload, event: 'delivered', clientId: 'acks' })],
    [
      'its ids',
      (payload: object) => ({
        clientId: 'acks',
        event: 'delivered',
        messageId: (payload as { orderID: string }).orderID,
      }),
    ],
    [
      'its ids by other names',
      (payload: object) => ({
        queueId: 'acks',
        event: 'DELIVERED',
        orderId: (payload as { orderID: string }).orderID,
      }),
    ],
  ])('of a store forgets what was received, said by %s', async (how, said) => {
    const sent = ['first', 'second'].map((name) => order(`${how} ${name}`, { store: 'acks' }));
    const { socket: shop, recorder } = await joined();
    for (const one of sent) {
      shop.emit('pickup', one);
      await recorder.hears('pickup', one.orderID);
      await deliver('acks', one.orderID);
    }
    const [first, second] = sent;
    const heard = await recorder.hears('delivered', first?.orderID ?? '');
    shop.emit('received', said(heard));
    const { recorder: again } = await ask('getAll', 'acks');
    await again.hears('delivered', second?.orderID ?? '');
    expect(again.count('delivered', first?.orderID ?? '')).toBe(0);
  });

  it.each([
    ['getAll', 'driver'],
    ['getAll', { queueId: 'DRIVER' }],
    ['getAll', undefined],
    ['getAll', { event: 'pickup' }],
    ['needPickup', undefined],
  ])('of the drivers holds what is ready: %s %j', async (word, name) => {
    const orderID = `ready ${word} ${JSON.stringify(name)}`;
    const { recorder: bystander } = await joined();
    await red.send({ event: 'pickup', payload: order(orderID) });
    const { recorder } = await ask(word, name);
    expect(await recorder.hears('pickup', orderID)).toMatchObject({ orderId: orderID, messageId: orderID });
    await deliver('red', orderID);
    // From now on it is no news any more, and whoever comes can only be told by the queue.
    await bystander.hears('pickup', orderID);
    const { recorder: later } = await ask(word, name);
    await red.send({ event: 'pickup', payload: order(`${orderID} later`) });
    await later.hears('pickup', `${orderID} later`);
    expect(later.count('pickup', orderID)).toBe(0);
  });
});

it('a driver may listen on one connection and send on another', async () => {
  const [{ recorder }, { socket: mouth }] = [await joined(), await joined()];
  const { recorder: shop } = await joined('two');
  await joined();
  mouth.emit('pickup', order('two ends', { store: 'two' }));
  const heard = await recorder.hears('pickup', 'two ends');
  mouth.emit('in-transit', heard);
  const { socket: third } = await joined();
  third.emit('delivered', heard);
  await shop.hears('delivered', 'two ends');
});
