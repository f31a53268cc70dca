/** A log with years of history, made through the hub's own hands, for benches. */

import { fakerEN as faker } from '@faker-js/faker';
import { type Command, parseCommand } from '../protocol/messages.ts';
import type { Actor } from '../protocol/parcel.ts';
import { systemClock } from '../server/clock.ts';
import { createHub, type Hub } from '../server/hub.ts';
import { openSqliteStore } from '../server/store/sqlite.ts';

/** Parcels that go through their lives together. */
const together = 200;
const stores = Array.from({ length: 50 }, (_, i) => `store-${i}`);
const drivers = Array.from({ length: 40 }, (_, i) => `driver-${i}`);
const reasons = ['not-home', 'refused', 'wrong-address', 'no-access'] as const;

/** Adds to the log of a folder until it has so many records. */
export async function makeHistory(folder: string, records: number): Promise<void> {
  faker.seed(7);
  const store = openSqliteStore(folder);
  const hub = await createHub({
    store,
    clock: systemClock,
    onFault: (error) => {
      throw error;
    },
  });
  try {
    while (hub.head < records) await lives(hub);
  } finally {
    await hub.close();
    await store.close();
  }
}

async function lives(hub: Hub): Promise<void> {
  const store = faker.helpers.arrayElement(stores);
  const driver = faker.helpers.arrayElement(drivers);
  const shop: Actor = { role: 'vendor', store };
  const carrier: Actor = { role: 'driver', driver, name: `Driver ${driver.slice(7)}` };
  const orders = Array.from({ length: together }, () => ({
    store,
    orderID: faker.string.nanoid(10),
    customer: faker.person.fullName(),
    address: `${faker.location.streetAddress()}, ${faker.location.city()}`,
  }));
  const failed = orders.slice(0, together / 20);
  const step = (event: string, list: readonly object[], details?: object) =>
    list.map((payload) => parseCommand({ event, payload, ...(details ? { details } : {}) }));
  const keys = orders.map(({ orderID }) => ({ store, orderID }));
  const failedKeys = keys.slice(0, failed.length);
  await send(hub, shop, step('pickup', orders));
  await send(hub, carrier, step('in-transit', keys));
  await send(
    hub,
    carrier,
    step('attempt-failed', failedKeys, { reason: faker.helpers.arrayElement(reasons) }),
  );
  await send(hub, carrier, step('retried', failedKeys));
  await send(hub, carrier, step('delivered', keys, { receivedBy: faker.person.lastName() }));
}

async function send(hub: Hub, actor: Actor, commands: readonly Command[]): Promise<void> {
  const answers = await hub.submit(actor, 'socket.io', commands);
  const refused = answers.find(({ ok }) => !ok);
  if (refused) throw new Error(`refused: ${JSON.stringify(refused)}`);
}
