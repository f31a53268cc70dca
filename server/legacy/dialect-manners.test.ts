/** What the lab's programs expect of a hub, whatever words they use: a row or a test for each fact. */

import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { io as io4 } from 'socket.io-client';
import { describe, expect, it } from 'vitest';
import {
  about,
  type Fields,
  heard,
  heardOf,
  isFields,
  Lab,
  newId,
  order,
} from '../../testkit/contracts/dialect-programs.contract.ts';
import { startRealHub } from '../../testkit/real-hub.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { openClient, openTcpClient, stepOf } from '../../testkit/test-client.ts';

const lab = new Lab();

// ---- delivering ----

describe('delivered', () => {
  it.each<[how: string, payload: (id: string) => unknown]>([
    ['by a bare id', (id) => id],
    ['by an id alone in an object', (id) => ({ orderID: id })],
  ])('%s is of the order that the driver has', async (_, payload) => {
    const [shop, driver] = [await lab.socket(), await lab.socket()];
    const id = newId();
    shop.emit('pickup', order(id));
    driver.emit('in-transit', await heard(driver, 'pickup', id));
    await heard(driver, 'in-transit', id);
    driver.emit('delivered', payload(id));
    await lab.dispatch.record('delivered', id);
  });

  it('without in-transit is both steps', async () => {
    const [shop, driver] = [await lab.socket(), await lab.socket()];
    const id = newId();
    shop.emit('pickup', order(id));
    const given = await heard(driver, 'pickup', id);
    driver.emit('delivered', given);
    await heard(shop, 'delivered', id);
    expect(await lab.life(id)).toEqual(['pickup', 'in-transit', 'delivered']);
  });

  it('of an order that nobody sent is its whole life, by the one driver', async () => {
    const driver = await lab.program();
    const id = newId();
    driver.send({ event: 'delivered', payload: order(id) });
    expect(await lab.dispatch.record('delivered', id)).toMatchObject({ by: { id: 'plain:127.0.0.1' } });
    expect(await lab.life(id)).toEqual(['pickup', 'in-transit', 'delivered']);
  });

  it('follows on Socket.IO when a driver hears its own in-transit', async () => {
    const [shop, driver] = [await lab.socket(), await lab.socket()];
    const id = newId();
    driver.on('pickup', (payload: Fields) => driver.emit('in-transit', payload));
    driver.on('in-transit', (payload: Fields) => driver.emit('delivered', payload));
    const thanked = heard(shop, 'delivered', id);
    shop.emit('pickup', order(id));
    expect(await thanked).toMatchObject({ orderID: id });
  });
});

// ---- places and questions ----

describe('in the namespace', () => {
  it.each<[namespace: string, version: 2 | 4]>(
    [
      ...[['/', 4] as const, ['/', 2] as const, ['/caps', 2] as const, ['/csps', 4] as const],
      ...[['/caps-system', 4] as const, ['/messages', 2] as const, ['/driver', 4] as const],
    ].map(([namespace, version]): [string, 2 | 4] => [namespace, version]),
  )('%s a shop and a driver of version %i are served', async (namespace, version) => {
    const [shop, driver] = [await lab.socket(namespace, version), await lab.socket(namespace, version)];
    const id = newId();
    driver.emit('join', 'driver');
    await heard(driver, 'joined');
    const thanked = heard(shop, 'delivered', id);
    const offered = heard(driver, 'pickup', id);
    shop.emit('pickup', order(id));
    driver.emit('delivered', await offered);
    expect(await thanked).toMatchObject({ orderID: id });
  });

  it('/ who only listens, with version 2, hears what is offered', async () => {
    const [shop, driver] = [await lab.socket(), await lab.socket('/', 2)];
    const id = newId();
    const offered = heard(driver, 'pickup', id);
    shop.emit('pickup', order(id));
    expect(await offered).toMatchObject({ orderID: id });
  });

  it.each(['/', '/database'])('%s class 13 is spoken to who subscribes', async (namespace) => {
    const [shop, queue] = [await lab.socket(namespace), await lab.socket(namespace)];
    const id = newId();
    const store = `class ${namespace}`;
    queue.emit('subscribe', { event: 'delivered', clientID: store });
    queue.emit('subscribe', { event: 'pickup', clientID: 'driver' });
    queue.emit('getall', { clientID: store, payload: 'delivered' });
    // Two sockets are in no order: what the shop orders has to come after that.
    queue.emit('join', 'driver');
    await heard(queue, 'joined');
    const offered = heardOf(queue, 'pickup', ({ messageID }) => messageID === id);
    shop.emit('pickup', { clientID: store, payload: order(id, store) });
    const { messageID, payload } = await offered;
    expect([messageID, payload]).toEqual([id, expect.objectContaining(order(id, store))]);
    const told = heard(queue, 'delivered', id);
    queue.emit('delivered', { clientID: store, payload });
    expect(await told).toMatchObject({ messageID: id, payload: order(id, store) });

    const again = await lab.socket(namespace);
    again.emit('subscribe', { event: 'delivered', clientID: store });
    const missed = heard(again, 'delivered');
    again.emit('getall', { clientID: store, payload: 'delivered' });
    expect(await missed).toMatchObject({ messageID: id, payload: order(id, store) });
    again.emit('received', { clientID: store, event: 'delivered', messageID: id });
    again.emit('pickup', order(newId(), store));
    await heard(again, 'pickup');
    const last = await lab.socket(namespace);
    let isTold = false;
    last.on('delivered', () => {
      isTold = true;
    });
    last.emit('getall', { clientID: store, payload: 'delivered' });
    last.emit('join', store);
    await heard(last, 'joined');
    expect(isTold).toBe(false);
  });
});

describe('a question', () => {
  it.each(['join', 'joined', 'confirmation', 'added'])('join is answered with %s', async (answer) => {
    const shop = await lab.socket();
    shop.emit('join', 'red');
    expect(await heard(shop, answer)).toBe('red');
  });

  it('join-room is answered with join-room', async () => {
    const shop = await lab.socket();
    shop.emit('join-room', { store: 'red' });
    expect(await heard(shop, 'join-room')).toEqual({ store: 'red' });
  });

  it('an order is answered with added', async () => {
    const shop = await lab.socket();
    const id = newId();
    shop.emit('pickup', order(id));
    expect(await heard(shop, 'added')).toMatchObject({ orderID: id });
  });

  it.each(['getAll', 'getall', 'needPickup', 'catchup-pickup', 'catchUp-pickUps', 'driverGETALL'])(
    '%s by a driver is answered with what is on offer',
    async (word) => {
      const shop = await lab.socket();
      const id = newId();
      shop.emit('pickup', order(id));
      await lab.dispatch.record('pickup', id);
      const driver = await lab.socket();
      const ids: unknown[] = [];
      driver.on('pickup', (payload: Fields) => ids.push(payload['orderID']));
      driver.emit(word);
      while (!ids.includes(id)) await heard(driver, 'pickup', id);
    },
  );

  it.each(['getAll', 'notifyDelivered', 'catchup-delivery'])(
    '%s of a store is answered with what was delivered',
    async (word) => {
      const shop = await lab.socket();
      const id = newId();
      const store = `asks ${word}`;
      shop.emit('delivered', order(id, store));
      await lab.dispatch.record('delivered', id);
      const again = await lab.socket();
      const told = heard(again, 'delivered');
      again.emit(word, { store });
      expect(await told).toMatchObject({ orderID: id });
    },
  );

  it('getAll and received on TCP are answered as on Socket.IO', async () => {
    const [id, store] = [newId(), 'asks on tcp'];
    const shop = await lab.program();
    shop.send({ event: 'delivered', payload: order(id, store) });
    await lab.dispatch.record('delivered', id);
    const again = await lab.program();
    again.send({ event: 'getAll', payload: { store, event: 'delivered' } });
    await again.hears(about('delivered', id));
  });

  it('that nobody knows is passed on, and dispatch is told', async () => {
    const [one, other] = [await lab.socket(), await lab.socket('/messages')];
    const told = heard(other, 'weather');
    one.emit('weather', { city: 'Seattle' });
    expect(await told).toEqual({ city: 'Seattle' });
    await lab.dispatch.notice('relayed');
  });
});

// ---- chat ----

describe('chat', () => {
  it('between terminals on TCP goes to all of them, the sender included, as it came', async () => {
    const [ada, bob] = [await lab.program(), await lab.program()];
    const saying = { event: 'message', payload: 'Hi, all!', from: 'ada' };
    ada.send(saying);
    for (const one of [ada, bob]) await one.hears(({ event }) => event === 'message');
    expect(bob.heard).toContainEqual(saying);
  });

  it('goes from one door to the other', async () => {
    const [terminal, web] = [await lab.program(), await lab.socket('/')];
    const told = heard(web, 'chat');
    terminal.send({ event: 'chat', payload: { text: 'Hi!' } });
    expect(await told).toEqual({ text: 'Hi!' });
    web.emit('chat', { text: 'Hello!' });
    const isIt = ({ event, payload }: Fields) =>
      event === 'chat' && isFields(payload) && payload['text'] === 'Hello!';
    expect(await terminal.hears(isIt)).toEqual({ event: 'chat', payload: { text: 'Hello!' } });
  });

  it('[A1] is heard by nobody who has said who they are, and is no record; dispatch is told that there was some', async () => {
    const bound = [
      await openClient(lab.hub.url, { role: 'vendor', store: 'red' }),
      await openClient(lab.hub.url, { role: 'driver', driver: 'ana' }),
      await openTcpClient(lab.hub.tcpPort, { role: 'vendor', store: 'red' }),
    ];
    const [ada, bob] = [await lab.program(), await lab.program()];
    ada.send({ event: 'whisper', payload: 'the secret' });
    await bob.hears(({ event }) => event === 'whisper');
    await lab.dispatch.notice('relayed');
    const id = newId();
    ada.send({ event: 'pickup', payload: order(id) });
    await bound[1]?.send(stepOf('claimed', 'red', id));
    await Promise.all([bound[0]?.record('claimed', id), bound[2]?.record('claimed', id)]);
    for (const one of bound) {
      expect(one.heard).not.toMatch(/whisper|secret/);
      one.close();
    }
    expect(lab.dispatch.heard).not.toContain('the secret');
    const log = await (await fetch(`${lab.hub.url}/api/events?limit=500`)).text();
    expect(log).not.toMatch(/whisper|secret/);
  });

  it('[S3] has a size, and a pace', async () => {
    const line = lab.line();
    line.write({
      event: 'shout',
      payload: 'x'
        .repeat(1_000)
        .repeat(5)
        .match(/.{1000}/g),
    });
    expect(await line.error()).toBe('too-large');
    line.write('{"event":"shout","payload":1}'.repeat(150));
    await lab.dispatch.notice('too-fast');
  });
});

// ---- after a moment away ----

describe('after the hub was started anew', () => {
  it('a shop that listens on another connection than it orders on hears of what it orders, and of what it had ordered', async () => {
    const folder = memoryFolder();
    const first = await startRealHub({ CAPS_DATA: folder });
    const [old, now] = [newId(), newId()];
    const shop = io4(`${first.url}/caps`, { forceNew: true, reconnection: false });
    shop.emit('pickup', order(old));
    await heard(shop, 'added');
    shop.close();
    await first.close();

    const second = await startRealHub({ CAPS_DATA: folder });
    const dialed = () => io4(`${second.url}/caps`, { forceNew: true, reconnection: false });
    const [ear, mouth, driver] = [dialed(), dialed(), dialed()];
    await Promise.all([ear, mouth, driver].map((one) => once(one as never, 'connect')));
    const told = [old, now].map((id) => heardOf(ear, 'delivered', ({ orderID }) => orderID === id));
    driver.emit('delivered', order(old));
    expect(await told[0]).toMatchObject({ orderID: old });
    mouth.emit('pickup', order(now));
    await heardOf(driver, 'pickup', ({ orderID }) => orderID === now);
    driver.emit('delivered', order(now));
    expect(await told[1]).toMatchObject({ orderID: now });
    for (const one of [ear, mouth, driver]) one.close();
    await second.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('an order that was placed while a driver was away for a moment', () => {
  it('is offered when it is back, and no other', async () => {
    const quiet = await startRealHub();
    const dialed = () => io4(`${quiet.url}/caps`, { forceNew: true, reconnection: false });
    const [shop, driver] = [dialed(), dialed()];
    await once(driver as never, 'connect');
    const [taken, missed, later] = [newId(), newId(), newId()];
    shop.emit('pickup', order(taken));
    await heardOf(driver, 'pickup', ({ orderID }) => orderID === taken);
    driver.emit('in-transit', order(taken));
    await heard(driver, 'in-transit', taken);
    driver.close();
    const added = heard(shop, 'added');
    shop.emit('pickup', order(missed));
    await added;
    const back = dialed();
    const ids: unknown[] = [];
    back.on('pickup', ({ orderID }: Fields) => ids.push(orderID));
    await heardOf(back, 'pickup', ({ orderID }) => orderID === missed);
    shop.emit('pickup', order(later));
    await heardOf(back, 'pickup', ({ orderID }) => orderID === later);
    expect(ids).toEqual([missed, later]);
    for (const one of [shop, back]) one.close();
    await quiet.close();
  });
});

describe('hearing', () => {
  it('belongs to the address, but not where a connection has shown a store of its own', async () => {
    const [ear, mouth, other, driver] = [
      ...[await lab.socket(), await lab.socket(), await lab.socket(), await lab.socket()],
    ];
    const [id, marker] = [newId(), newId()];
    if (!ear || !mouth || !other || !driver) throw new Error('Four have come.');
    other.emit('join', 'elsewhere');
    await heard(other, 'joined');
    const events: unknown[] = [];
    other.on('delivered', ({ orderID }: Fields) => events.push(orderID));
    const told = heard(ear, 'delivered', id);
    const offered = heard(driver, 'pickup', id);
    mouth.emit('pickup', order(id));
    driver.emit('delivered', await offered);
    expect(await told).toMatchObject({ orderID: id });
    const marked = heard(other, 'delivered', marker);
    mouth.emit('delivered', order(marker, 'elsewhere'));
    expect(await marked).toMatchObject({ orderID: marker });
    expect(events).toEqual([marker]);
  });
});
