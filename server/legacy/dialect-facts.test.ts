/** How the lab's programs put what they say: a row for each fact of the table in dialects.ts. */

import { describe, expect, it } from 'vitest';
import {
  about,
  type Fields,
  heard,
  heardOf,
  Lab,
  newId,
  order,
  person,
} from '../../testkit/contracts/dialect-programs.contract.ts';

const lab = new Lab();

// ---- words ----

describe('an event said, and heard, on Socket.IO as', () => {
  it.each([
    ...['pickup', 'PICKUP', 'pickUp', 'pick-up', 'PICK_UP', 'order-ready', 'PACKAGE_READY', 'pickupReady'],
    ...['newOrder'],
  ])('%s', async (word) => {
    const [shop, driver] = [await lab.socket(), await lab.socket()];
    const id = newId();
    shop.emit(word, order(id));
    expect(await heard(driver, word, id)).toMatchObject({ orderID: id });
    await lab.dispatch.record('pickup', id);
  });

  it.each(['in-transit', 'IN_TRANSIT', 'inTransit', 'intransit', 'IN-TRANSIT', 'transit', 'TRANSIT'])(
    '%s',
    async (word) => {
      const [shop, driver, other] = [await lab.socket(), await lab.socket(), await lab.socket()];
      const id = newId();
      shop.emit('pickup', order(id));
      const given = await heard(driver, 'pickup', id);
      other.emit('join', 'red');
      await heard(other, 'joined');
      const told = [shop, driver, other].map((one) => heard(one, word, id));
      driver.emit(word, given);
      for (const one of await Promise.all(told)) expect(one).toMatchObject({ orderID: id });
      await lab.dispatch.record('in-transit', id);
    },
  );

  it.each(['delivered', 'DELIVERED', 'deliver', 'DELIVERY', 'Delivered'])('%s', async (word) => {
    const [shop, driver] = [await lab.socket(), await lab.socket()];
    const id = newId();
    shop.emit('pickup', order(id));
    const given = await heard(driver, 'pickup', id);
    driver.emit('in-transit', given);
    await heard(driver, 'in-transit', id);
    const told = heard(shop, word, id);
    driver.emit(word, given);
    expect(await told).toMatchObject({ orderID: id });
    await lab.dispatch.record('delivered', id);
  });

  it('pickup-heard, in-transit-heard, delivered-heard', async () => {
    const [shop, driver] = [await lab.socket('/csps'), await lab.socket('/csps')];
    const id = newId();
    const thanked = heard(shop, 'delivered-heard', id);
    driver.on('pickup-heard', (payload: Fields) => driver.emit('in-transit', payload));
    driver.on('in-transit-heard', (payload: Fields) => driver.emit('delivered', payload));
    shop.emit('pickup', order(id));
    expect(await thanked).toMatchObject({ orderID: id });
  });
});

describe('on TCP each is answered in the spelling it has used:', () => {
  it.each([
    ['PICKUP', 'IN_TRANSIT', 'DELIVERED'],
    ['pickUp', 'inTransit', 'delivered'],
    ['order-ready', 'transit', 'deliver'],
    ['PACKAGE_READY', 'TRANSIT', 'DELIVERY'],
  ])('%s, %s, %s', async (pickup, inTransit, delivered) => {
    const [shop, driver] = [await lab.program(), await lab.program()];
    const id = newId();
    shop.send({ event: pickup, payload: order(id) });
    const { payload } = await driver.hears(about(pickup, id));
    driver.send({ event: inTransit, payload });
    await driver.hears(about(inTransit, id));
    driver.send({ event: delivered, payload });
    await driver.hears(about(delivered, id));
    await shop.hears(about(pickup, id));
    await shop.hears(about(delivered, id));
    expect(await lab.life(id)).toEqual(['pickup', 'in-transit', 'delivered']);
  });
});

// ---- shapes ----

/** The order as the program puts it, what it listens to, and what it reads there. */
const shapes: [what: string, message: (id: string) => object, read: (message: Fields) => unknown][] = [
  [
    'payload',
    (id) => ({ event: 'pickup', payload: order(id) }),
    ({ payload }) => (payload as Fields)['orderID'],
  ],
  [
    'content',
    (id) => ({ event: 'pickup', content: order(id) }),
    ({ content }) => (content as Fields)['orderID'],
  ],
  [
    'order',
    (id) => ({ event: 'pickup', order: order(id) }),
    (message) => (message['order'] as Fields)['orderID'],
  ],
  ['beside the event', (id) => ({ event: 'pickup', ...order(id) }), ({ orderID }) => orderID],
  [
    'JSON text',
    (id) => ({ event: 'pickup', payload: JSON.stringify(order(id)) }),
    ({ payload }) => (JSON.parse(payload as string) as Fields)['orderID'],
  ],
];

describe('on TCP an order in', () => {
  it.each(shapes)(
    '%s is read, and given back so to who listens and to who sent it',
    async (_, message, read) => {
      const [shop, driver] = [await lab.program(), await lab.program()];
      const id = newId();
      shop.send(message(id));
      await lab.dispatch.record('pickup', id);
      const isIt = (one: Fields) => one['event'] === 'pickup';
      expect(read(await driver.hears(isIt))).toBe(id);
      expect(read(await shop.hears(isIt))).toBe(id);
    },
  );
});

describe('an order whose', () => {
  it.each<[what: string, payload: (id: string) => Fields]>([
    ['id is called id', (id) => ({ store: 'red', id, ...person })],
    ['id is order.id', (id) => ({ store: 'red', order: { id, ...person } })],
    ['id is called randomOrderId', (id) => ({ store: 'red', randomOrderId: id, ...person })],
    ['id is called orderNumber', (id) => ({ store: 'red', orderNumber: id, ...person })],
    ['id is called packageId', (id) => ({ store: 'red', packageId: id, ...person })],
    ['id is called OrderID', (id) => ({ store: 'red', OrderID: id, ...person })],
    ['store is called vendor', (orderID) => ({ vendor: 'red', orderID, ...person })],
    ['store is called retailer', (orderID) => ({ retailer: 'red', orderID, ...person })],
    ['store is called vendorName', (orderID) => ({ vendorName: 'red', orderID, ...person })],
    ['store is called storename', (orderID) => ({ storename: 'red', orderID, ...person })],
    ['store is called store_name', (orderID) => ({ store_name: 'red', orderID, ...person })],
    ['customer is called name', (orderID) => ({ ...order(orderID), customer: undefined, name: 'Hulda' })],
    [
      'customer is a coustomer',
      (orderID) => ({ ...order(orderID), customer: undefined, coustomer: 'Hulda' }),
    ],
    [
      'address is an object',
      (orderID) => ({ ...order(orderID), address: { street: '835 Meluk', city: 'Pass' } }),
    ],
    [
      'address is a street and a city',
      (orderID) => ({ store: 'red', orderID, customer: 'Hulda', street: '835 Meluk', city: 'Pass' }),
    ],
  ])('%s', async (what, payload) => {
    const [shop, driver] = [await lab.socket(), await lab.socket()];
    const id = newId();
    const given = payload(id);
    shop.emit('pickup', given);
    const heardBack = await heard(driver, 'pickup', id);
    expect(heardBack).toMatchObject(JSON.parse(JSON.stringify(given)) as Fields);
    const { payload: recorded } = await lab.dispatch.record('pickup', id);
    const address = what.startsWith('address') ? '835 Meluk, Pass' : person.address;
    expect(recorded).toMatchObject({ store: 'red', orderID: id, customer: 'Hulda', address });
    driver.emit('in-transit', heardBack);
    await heard(driver, 'in-transit', id);
  });

  it('parts are read at payload.order, however it came', async () => {
    const [shop, driver] = [await lab.socket(), await lab.socket()];
    const id = newId();
    for (const given of [order(id), { store: 'blue', order: { orderId: id, ...person } }]) {
      shop.emit('pickup', given);
      const { order: inside, ...flat } = await heard(driver, 'pickup', id);
      expect(inside).toMatchObject({ store: given.store, orderId: id, ...person });
      expect(flat).toMatchObject({ store: given.store, orderId: id, ...person });
    }
  });

  it('payload is JSON text is given back as text to who listens for text, and as an object to who sends objects', async () => {
    const [shop, driver, other] = [await lab.socket(), await lab.socket(), await lab.socket()];
    const [id, earlier] = [newId(), newId()];
    other.emit('pickup', order(earlier, 'blue'));
    await heard(other, 'pickup', earlier);
    const told = [heard(driver, 'pickup', id), heard(other, 'pickup', id)];
    shop.emit('pickup', JSON.stringify(order(id)));
    const [text, object] = await Promise.all(told);
    expect(JSON.parse(String(text))).toEqual(order(id));
    expect(object).toMatchObject({ orderID: id });
  });

  it('id is a number past 2^53 is taken as it is, and given back as it came', async () => {
    const [shop, listener] = [await lab.program(), await lab.program()];
    const chunks: string[] = [];
    listener.socket.on('data', (chunk) => chunks.push(String(chunk)));
    // On Socket.IO it is written so as well, though a JavaScript client reads what it can of it.
    const isBig = ({ store }: Fields) => store === 'big';
    const offered = heardOf(await lab.socket(), 'pickup', isBig);
    for (const last of [3, 5]) {
      shop.socket.write(
        `{"event":"pickup","payload":{"store":"big","orderID":900719925474099${last},"customer":"Hulda","address":"Pass"}}`,
      );
      await lab.dispatch.record('pickup', `900719925474099${last}`);
    }
    expect(await offered).toMatchObject({ orderID: 9007199254740992, order: { id: 9007199254740992 } });
    const both = /"orderID":9007199254740993,.*"orderID":9007199254740995,/s;
    await expect.poll(() => chunks.join(''), { timeout: 60_000 }).toMatch(both);
    shop.socket.write('{"event":"in-transit","payload":{"store":"big","orderID":9007199254740995}}');
    await lab.dispatch.record('in-transit', '9007199254740995');
  });
});
