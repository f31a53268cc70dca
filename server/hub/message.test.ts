import { expect, it } from 'vitest';
import { eventsSchema } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { admin, ana, blue, order, red, step } from '../../testkit/simulation/cast.ts';
import { eachHub } from '../../testkit/simulation/each-hub.ts';
import { SimulatedReader } from '../../testkit/simulation/reader.ts';
import { viewOf } from '../access/access.ts';
import type { Hub } from './hub.ts';
import { EventsMessage, type Frame, madeOnce, recordsIn } from './message.ts';

const each = eachHub();

async function read(actor: Actor): Promise<SimulatedReader> {
  const feeds = viewOf(actor).feeds.map(({ name }) => name);
  const reader = new SimulatedReader(feeds, 0);
  each.hub.subscribe(actor, 0, reader, reader.onLag);
  await each.clock.advance(20);
  return reader;
}

async function submit(actor: Actor, ...commands: Parameters<Hub['submit']>[2]): Promise<void> {
  void each.hub.submit(actor, 'tcp', commands);
  await each.clock.advance(20);
}

const framesOf = ({ messages }: SimulatedReader): Frame[] =>
  messages.flatMap((message) => (message.name === 'events' ? [message.frame] : []));

it('brings along what it was made of, which says the same as its text, by the reader’s own numbers', async () => {
  await submit(blue, order('blue', '1'));
  const readers = [await read(admin), await read(red), await read(ana)];
  await submit(red, order('red', '1'), order('red', '2'));
  await submit(ana, step('claimed', 'red', '1'), step('in-transit', 'red', '1'));
  const customer = await read({ role: 'customer', parcel: { store: 'red', orderID: '1' } });
  for (const { messages } of [...readers, customer]) {
    for (const message of messages) {
      if (message.name !== 'events') continue;
      const { records, gone, feed, prev, upTo } = eventsSchema.parse(JSON.parse(message.json));
      expect(recordsIn(message.frame)).toEqual(records);
      expect(message.frame).toMatchObject({ feed, prev, upTo, gone: gone ?? [] });
    }
  }
  expect(customer.seqs('parcel')).toEqual([1, 2, 3]);
});

it('says what was recorded to all its readers without parsing it, and then keeps its text alone', async () => {
  const [dispatch, shop] = [await read(admin), await read(red)];
  await submit(red, order('red', '1'));
  const [row] = framesOf(dispatch).at(-1)?.rows ?? [];
  expect(framesOf(shop).at(-1)?.rows[0]).toBe(row);
  const known = row?.record;
  expect(row?.record).toBe(known);
  // The very object that was recorded.
  expect(known?.payload).toBe((await each.store.parcel({ store: 'red', orderID: '1' }))?.payload);
  await submit(red, order('red', '2'));
  expect(row?.record).not.toBe(known);
  expect(row?.record).toEqual(known);
});

it('is made into what a door sends once for all who get it', () => {
  const frame: Frame = { feed: 'log', prev: 0, upTo: 0, rows: [], gone: [], damaged: [] };
  const [one, other] = [new EventsMessage(frame), new EventsMessage(frame)];
  const made: unknown[] = [];
  const make = madeOnce((message) => made.push(message));
  expect([one, one, one, other, other].map(make)).toEqual([1, 1, 1, 2, 2]);
  expect(made).toEqual([one, other]);
});
