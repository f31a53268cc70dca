/** A log with all kinds of rows. */

import type { Command } from '../protocol/messages.ts';
import type { Order, ParcelId } from '../protocol/orders.ts';
import type { Actor } from '../protocol/parcel.ts';
import { createHub } from '../server/hub/hub.ts';
import type { Store } from '../server/store/store.ts';
import { hashOfImage, jpeg } from './images.ts';
import { SimulatedClock } from './simulation/clock.ts';

export const fullStores = ['red', 'blue'] as const;

/** The image of an order that has one. */
export function imageOf({ store, orderID }: ParcelId): Buffer<ArrayBuffer> {
  return jpeg(`${store} ${orderID}`);
}

/** Makes a hub write all kinds of rows into an empty store. @returns the hashes of the keys */
export async function writeFullLog(store: Store, ordersPerStore: number): Promise<Uint8Array[]> {
  const clock = new SimulatedClock();
  const fail = (error: unknown) => {
    throw error;
  };
  const hub = await createHub({ store, clock, onFault: fail });
  const send = async (actor: Actor, command: Command) => {
    const [answer] = await clock.settling(hub.submit(actor, 'rest', [command]));
    if (!answer?.ok) throw new Error('it was to be recorded');
  };
  const ana: Actor = { role: 'driver', driver: 'ana' };
  for (const name of fullStores) {
    for (let i = 0; i < ordersPerStore; i += 1) {
      const payload: Order = {
        store: name,
        orderID: `${i}`,
        customer: `Hulda ${i}`,
        address: 'x'.repeat(i * 9),
      };
      const key = { store: name, orderID: `${i}` };
      await send({ role: 'vendor', store: name }, { event: 'pickup', payload, id: `order-${name}-${i}` });
      if (i % 3 > 0) await send(ana, { event: 'in-transit', payload: key, id: `took-${name}-${i}` });
      if (i % 3 > 1) await send(ana, { event: 'delivered', payload: key });
      // The machine's clock is behind for a while.
      if (i === 10) clock.set(-60_000);
      if (i === 20) clock.set(60_000);
      if (i % 6 === 5) await store.acknowledge([key]);
      if (i % 6 === 5) await store.blobs.put({ parcel: key, hash: hashOfImage(imageOf(key)) }, imageOf(key));
    }
    await store.profiles.put(name, JSON.stringify({ name: `The ${name} shop` }));
    await store.repeats.put(name, 'KXTRNA', JSON.stringify({ rule: 'FREQ=DAILY', of: `Zoë’s ${name}` }));
  }
  await store.outbound.write([
    { topic: 'place', id: 'webhook:A', text: '{"seq":7}' },
    { topic: 'webhook', id: 'A', text: '{"url":"https://é.example"}' },
  ]);
  const hashes = ['one', 'two'].map((text) => Buffer.alloc(32, text));
  for (const [i, hash] of hashes.entries()) {
    const key = { id: `key-${i}`, hash, role: 'driver', owner: 'ana', name: 'Ana', hint: 'drv_a…z' } as const;
    await store.keys.add({ ...key, createdAt: '2026-11-20T18:00:00.000Z' });
  }
  await store.keys.revoke('key-1', '2026-11-21T18:00:00.000Z');
  await hub.close();
  return hashes;
}
