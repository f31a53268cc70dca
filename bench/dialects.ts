/** Shops, drivers and logs, once for the lab's hub and once with our SDK. */

import { io, type Socket } from 'socket.io-client';
import { type Client, connect, type Identity } from '../client/client.ts';
import type { Order } from '../protocol/orders.ts';

export interface Dialect {
  /** @returns a function that sends an order */
  shop(url: string, store: string, onDelivered: () => void): Promise<(order: Order) => void>;
  /** Collects and delivers its own parcels at once. */
  driver(url: string, driver: string, takes: (orderID: string) => boolean): Promise<void>;
  log(url: string, stores: readonly string[], onEvents: (count: number) => void): Promise<void>;
}

export const lab: Dialect = {
  async shop(url, store, onDelivered) {
    const socket = await labSocket(url);
    socket.emit('join', store);
    socket.on('delivered', onDelivered);
    return (order) => socket.emit('pickup', order);
  },
  async driver(url, _, takes) {
    const socket = await labSocket(url);
    socket.on('pickup', (order: Order) => {
      if (!takes(order.orderID)) return;
      socket.emit('in-transit', order);
      socket.emit('delivered', order);
    });
  },
  async log(url, stores, onEvents) {
    const socket = await labSocket(url);
    // The lab's hub sends a pickup to everyone and other events to the store's room.
    for (const store of stores) socket.emit('join', store);
    // Our hub tells plain clients each event under other spellings too.
    for (const event of ['pickup', 'in-transit', 'delivered']) socket.on(event, () => onEvents(1));
  },
};

export const caps: Dialect = {
  async shop(url, store, onDelivered) {
    const client = await liveClient(url, { role: 'vendor', store });
    client.on('events', ({ records }) => {
      for (const { event } of records) if (event === 'delivered') onDelivered();
    });
    return (order) => must(client.command({ event: 'pickup', payload: order }));
  },
  async driver(url, driver, takes) {
    const client = await liveClient(url, { role: 'driver', driver });
    client.on('events', ({ feed, records }) => {
      if (feed !== 'board') return;
      for (const { payload } of records) {
        if (takes(payload.orderID)) must(carry(client, { store: payload.store, orderID: payload.orderID }));
      }
    });
  },
  async log(url, _, onEvents) {
    const client = await liveClient(url, { role: 'admin' });
    client.on('events', ({ records }) => onEvents(records.length));
  },
};

async function carry(client: Client, payload: { store: string; orderID: string }) {
  const collected = await client.command({ event: 'in-transit', payload });
  return collected.ok ? client.command({ event: 'delivered', payload }) : collected;
}

/** Throws on a refusal, which would make the numbers meaningless. */
function must(answer: ReturnType<Client['command']>): void {
  void answer.then((it) => {
    if (!it.ok) throw new Error(it.error.message);
  });
}

function labSocket(url: string): Promise<Socket> {
  const socket = io(`${url}/caps`, { transports: ['websocket'] });
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(socket));
  });
}

function liveClient(url: string, identity: Identity): Promise<Client> {
  const client = connect({ url, identity });
  return new Promise((resolve) => {
    client.on('state', ({ kind }) => {
      if (kind === 'live') resolve(client);
    });
  });
}
