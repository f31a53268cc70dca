/**
 * Vendors and drivers as people write them for the lab, one per dialect: what they send, listen for and leave out.
 * They fail where their originals would: parsing a chunk that is not one message throws.
 */

import { once } from 'node:events';
import { connect, type Socket as NetSocket } from 'node:net';
import { io as io4 } from 'socket.io-client';
import io2 from 'socket.io-client-2';
import { io as io3 } from 'socket.io-client-3';
import { messagesOf } from '../lab-chunks.ts';

export interface Address {
  readonly url: string;
  readonly tcpPort: number;
}

export interface LabVendor {
  /** Sends an order. @param n its number, from which the dialect makes the id */
  order(n: number): void;
  /** Numbers of the orders reported as delivered, once per report. */
  readonly thanked: readonly number[];
  close(): void;
}

export interface LabDriver {
  close(): void;
}

/** @param store the vendor's own name */
export type OpenVendor = (address: Address, store: string) => Promise<LabVendor>;
/** @param store of all vendors whose orders it delivers: the lab's drivers take every order they hear */
export type OpenDriver = (address: Address) => Promise<LabDriver>;

type Payload = Record<string, unknown>;
interface AnySocket {
  on(event: string, listener: (payload: never) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  close(): unknown;
}

/** The lab's clients wait for seconds. */
const tripMs = 40;
const person = { customer: 'Hulda Sophie Parker', address: '835 Meluk Pass' };
const idOf = (n: number) => `order-${n}`;
const numberIn = (id: unknown) => Number(String(id).replace(/\D/g, ''));

/** Chained timers: of two late timers Node may run the later first, and this process is shared. */
function drive(say: (event: string) => void): void {
  setTimeout(() => {
    say('in-transit');
    setTimeout(() => say('delivered'), 2 * tripMs);
  }, tripMs);
}

// ---- TCP ----

async function connected(tcpPort: number): Promise<NetSocket> {
  const socket = connect({ port: tcpPort, host: '127.0.0.1' });
  await once(socket, 'connect');
  return socket;
}

/** Parses every chunk as one message, like all of them. */
function onMessage(
  socket: NetSocket,
  listener: (message: { event: string; payload: Payload }) => void,
): void {
  socket.on('data', (chunk) => {
    for (const text of messagesOf(chunk)) listener(JSON.parse(text) as { event: string; payload: Payload });
  });
}

const tcpVendor =
  (orderOf: (store: string, n: number) => Payload, more: () => object = () => ({})): OpenVendor =>
  async ({ tcpPort }, store) => {
    const socket = await connected(tcpPort);
    const thanked: number[] = [];
    onMessage(socket, ({ event, payload }) => {
      if (event === 'delivered' && payload['store'] === store) {
        thanked.push(numberIn(payload['orderID'] ?? payload['orderId']));
      }
    });
    return {
      order: (n) =>
        void socket.write(JSON.stringify({ event: 'pickup', payload: orderOf(store, n), ...more() })),
      thanked,
      close: () => void socket.destroy(),
    };
  };

/** Delivers only after hearing its own `in-transit`. */
const tcpEchoDriver: OpenDriver = async ({ tcpPort }) => {
  const socket = await connected(tcpPort);
  onMessage(socket, ({ event, payload }) => {
    const say = (what: string) => socket.write(JSON.stringify({ event: what, payload }));
    if (event === 'pickup') setTimeout(() => say('in-transit'), tripMs);
    if (event === 'in-transit') setTimeout(() => say('delivered'), tripMs);
  });
  return { close: () => void socket.destroy() };
};

const tcpTimerDriver: OpenDriver = async ({ tcpPort }) => {
  const socket = await connected(tcpPort);
  onMessage(socket, ({ event, payload }) => {
    if (event !== 'pickup') return;
    const say = (what: string) =>
      socket.write(JSON.stringify({ event: what, time: new Date().toISOString(), payload }));
    drive(say);
  });
  return { close: () => void socket.destroy() };
};

// ---- Socket.IO ----

const options = { forceNew: true, reconnection: false };
const version2 = (url: string): AnySocket => io2(url, options);
const version3 = (url: string): AnySocket => io3(url, options);
const version4 = (url: string): AnySocket => io4(url, options);
type Dial = typeof version4;

async function joined(dial: Dial, url: string): Promise<AnySocket> {
  const socket = dial(url);
  await once(socket as never, 'connect');
  return socket;
}

interface VendorHabits {
  readonly namespace?: string;
  /** The argument of `join`, if it joins. */
  readonly join?: (store: string) => unknown;
  readonly pickup?: string;
  readonly delivered?: string;
  readonly orderOf?: (store: string, n: number) => Payload;
  /** Emits on one connection and listens on another. */
  readonly twoSockets?: boolean;
  /** Requests its queue, and confirms what it receives. */
  readonly queue?: boolean;
}

const flat = (store: string, n: number): Payload => ({ store, orderID: idOf(n), ...person });

const socketVendor =
  (dial: Dial, habits: VendorHabits): OpenVendor =>
  async ({ url }, store) => {
    const { namespace = '/caps', pickup = 'pickup', delivered = 'delivered', orderOf = flat } = habits;
    const ear = await joined(dial, url + namespace);
    const mouth = habits.twoSockets ? await joined(dial, url + namespace) : ear;
    const thanked: number[] = [];
    ear.on(delivered, (payload: Payload) => {
      const order = (payload['order'] ?? payload) as Payload;
      thanked.push(numberIn(order['orderID'] ?? order['orderId']));
      if (habits.queue)
        ear.emit('received', { clientId: store, event: 'delivered', messageId: payload['messageId'] });
    });
    if (habits.join) ear.emit('join', habits.join(store));
    if (habits.queue) ear.emit('getAll', { clientId: store, event: 'delivered' });
    return {
      order: (n) => void mouth.emit(pickup, orderOf(store, n)),
      thanked,
      close() {
        ear.close();
        mouth.close();
      },
    };
  };

interface DriverHabits {
  readonly namespace?: string;
  readonly spell?: (event: string) => string;
  readonly twoSockets?: boolean;
  readonly queue?: string;
}

const socketDriver =
  (dial: Dial, habits: DriverHabits): OpenDriver =>
  async ({ url }) => {
    const { namespace = '/caps', spell = (event) => event, queue } = habits;
    const ear = await joined(dial, url + namespace);
    const mouth = habits.twoSockets ? await joined(dial, url + namespace) : ear;
    ear.on(spell('pickup'), (payload: Payload) => {
      if (queue) mouth.emit('received', { queueId: queue, event: 'pickup', messageId: payload['messageId'] });
      drive((event) => void mouth.emit(spell(event), payload));
    });
    if (queue) mouth.emit('getAll', { queueId: queue });
    return {
      close() {
        ear.close();
        mouth.close();
      },
    };
  };

const shout = (event: string) => event.toUpperCase().replace('-', '_');
const wrapped = (store: string, n: number): Payload => ({
  event: 'pickup',
  messageId: idOf(n),
  clientId: store,
  order: { store, orderId: idOf(n), ...person },
});

// ---- all of them ----

export const vendors: Readonly<Record<string, OpenVendor>> = {
  tcp: tcpVendor(flat),
  'tcp, numbers for ids and a time': tcpVendor(
    (store, n) => ({ store, orderId: n, firstName: 'Hulda', address: 'Pass' }),
    () => ({ time: new Date().toISOString() }),
  ),
  'version 2, never joins': socketVendor(version2, {}),
  'version 2, queue with wrapped orders': socketVendor(version2, { queue: true, orderOf: wrapped }),
  'version 3, joins by an object': socketVendor(version3, { join: (store) => ({ clientId: store }) }),
  'version 4, joins by name': socketVendor(version4, { join: (store) => store }),
  'version 4, two connections': socketVendor(version4, { join: (store) => store, twoSockets: true }),
  'version 4, shouts, in /csps': socketVendor(version4, {
    namespace: '/csps',
    pickup: 'PICKUP',
    delivered: 'DELIVERED',
  }),
  'version 4, vendorId and small numbers': socketVendor(version4, {
    orderOf: (store, n) => ({ vendorId: store, orderId: n % 1_000, ...person }),
  }),
};

export const drivers: Readonly<Record<string, OpenDriver>> = {
  'tcp, waits for its echo': tcpEchoDriver,
  'tcp, timers': tcpTimerDriver,
  'version 2': socketDriver(version2, {}),
  'version 2, queue': socketDriver(version2, { queue: 'driver' }),
  'version 3, two connections': socketDriver(version3, { twoSockets: true }),
  'version 4': socketDriver(version4, {}),
  'version 4, queue, shouting': socketDriver(version4, { queue: 'DRIVER', spell: shout }),
  'version 4, shouts, in /csps': socketDriver(version4, { namespace: '/csps', spell: shout }),
};
