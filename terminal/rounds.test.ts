import { expect, it } from 'vitest';
import type { ConnectionState, NewCommand } from '../client/client.ts';
import type { Status } from '../protocol/events.ts';
import type { Answer, CapsRecord, ParcelView } from '../protocol/messages.ts';
import { Rounds } from './rounds.ts';

const time = '2026-01-01T00:00:00.000Z';
const order = (orderID: string) => ({ store: 'red', orderID, customer: 'Zoë', address: '12 Elm Street' });
const view = (orderID: string, status: Status, holder?: string): ParcelView => ({
  ...{ payload: order(orderID), status, rev: 1, attempts: 0, createdAt: time, changedAt: time },
  ...(holder && { holder: { id: holder } }),
});
const record = (event: CapsRecord['event'], orderID: string, status: Status, more = {}): CapsRecord => ({
  ...{ seq: 1, event, time, status, rev: 2, payload: order(orderID), via: 'tcp' },
  ...{ by: { role: 'admin', id: 'admin' }, ...more },
});

const leadsTo: { readonly [event: string]: Status } = {
  claimed: 'claimed',
  'in-transit': 'in-transit',
  delivered: 'delivered',
};

const answered = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A driver with manual timers. */
function setUp({ most = Number.POSITIVE_INFINITY, refused = [] as string[] } = {}) {
  const sent: string[] = [];
  const due = new Set<{ ms: number; run: () => void }>();
  const client = {
    state: { kind: 'live', caughtUp: 0 } as ConnectionState,
    command: ({ event, payload }: NewCommand): Promise<Answer> => {
      const step = `${event} ${payload.orderID}`;
      sent.push(step);
      const status = leadsTo[event];
      if (refused.includes(step) || !status) {
        return Promise.resolve({ ok: false, error: { code: 'taken', message: 'No.', retryable: false } });
      }
      return Promise.resolve({ ok: true, seq: 1, rev: 2, status, time });
    },
  };
  const rounds = new Rounds({
    driver: 'ana',
    client,
    timers: {
      after: (ms, run) => {
        const timer = { ms, run };
        due.add(timer);
        return () => due.delete(timer);
      },
      every: () => () => {},
    },
    chance: () => 0,
    wantsMore: (inHand) => inHand < most,
  });
  return {
    rounds,
    client,
    sent,
    /** Fires all timers of this delay. @returns how many there were */
    async pass(ms: number) {
      const now = Array.from(due).filter((timer) => timer.ms === ms);
      for (const timer of now) {
        due.delete(timer);
        timer.run();
      }
      await new Promise(setImmediate);
      return now.length;
    },
  };
}

it('claims at once, collects after a second, delivers three seconds later', async () => {
  const { rounds, sent, pass } = setUp();
  rounds.addOffer(order('a'));
  rounds.drive();
  rounds.drive();
  await answered();
  expect(await pass(1_000)).toBe(1);
  expect(await pass(3_000)).toBe(1);
  expect(sent).toEqual(['claimed a', 'in-transit a', 'delivered a']);
  rounds.takeRecord(record('delivered', 'a', 'delivered'));
  expect(rounds.inHand).toBe(0);
});

it('holds at most three parcels, including those being claimed or waiting for a person', async () => {
  const { rounds, sent } = setUp();
  rounds.takeParcel(view('failed', 'failed', 'ana'));
  for (const id of ['a', 'b', 'c', 'd']) rounds.addOffer(order(id));
  rounds.drive();
  await answered();
  expect(sent).toHaveLength(2);
  rounds.takeRecord(record('returned', 'failed', 'returned'));
  rounds.drive();
  await answered();
  expect(sent).toHaveLength(3);
});

it('claims the next offer after a lost race', async () => {
  const { rounds, sent } = setUp({ most: 1, refused: ['claimed a'] });
  rounds.addOffer(order('a'));
  rounds.drive();
  rounds.addOffer(order('b'));
  await answered();
  expect(sent).toEqual(['claimed a', 'claimed b']);
  expect(rounds.inHand).toBe(1);
});

it('resumes the parcels that it holds at the start, once, and leaves those of others alone', async () => {
  const { rounds, sent, pass } = setUp();
  for (const parcel of [
    view('a', 'claimed', 'ana'),
    view('b', 'in-transit', 'ana'),
    view('c', 'claimed', 'ben'),
  ]) {
    rounds.takeParcel(parcel);
    rounds.takeParcel(parcel);
    rounds.drive();
  }
  await pass(1_000);
  await pass(3_000);
  expect(sent.toSorted()).toEqual(['delivered a', 'delivered b', 'in-transit a'].toSorted());
});

it('drops what dispatch reassigns to others, and carries what it gets from them', async () => {
  const { rounds, sent, pass } = setUp();
  rounds.takeParcel(view('a', 'claimed', 'ana'));
  rounds.takeParcel(view('b', 'in-transit', 'ana'));
  rounds.drive();
  rounds.takeRecord(record('reassigned', 'a', 'claimed', { details: { driver: 'ben' } }));
  rounds.takeRecord(record('cancelled', 'b', 'cancelled'));
  rounds.takeRecord(record('reassigned', 'c', 'in-transit', { details: { driver: 'ana' } }));
  rounds.drive();
  await pass(1_000);
  await pass(3_000);
  expect(sent).toEqual(['delivered c']);
});

it('starts over with a parcel that was released and claimed again', async () => {
  const { rounds, sent, pass } = setUp();
  rounds.takeParcel(view('a', 'claimed', 'ana'));
  rounds.drive();
  rounds.takeRecord(record('released', 'a', 'ready'));
  rounds.addOffer(order('a'));
  rounds.drive();
  await answered();
  expect(await pass(1_000)).toBe(1);
  expect(sent).toEqual(['claimed a', 'in-transit a']);
});

it('ignores a record that arrives after its answer', async () => {
  const { rounds, sent, pass } = setUp();
  rounds.addOffer(order('a'));
  rounds.drive();
  await answered();
  await pass(1_000);
  rounds.takeRecord(record('claimed', 'a', 'claimed'));
  rounds.drive();
  await pass(1_000);
  await pass(3_000);
  expect(sent).toEqual(['claimed a', 'in-transit a', 'delivered a']);
});

it('forgets parcels in hand on a fresh start, and resumes those that the hub lists with any rev', async () => {
  const { rounds, sent, pass } = setUp();
  rounds.takeParcel(view('lost', 'claimed', 'ana'));
  rounds.takeParcel({ ...view('a', 'claimed', 'ana'), rev: 7 });
  rounds.drive();
  rounds.forget();
  expect(rounds.inHand).toBe(0);
  rounds.takeParcel(view('a', 'claimed', 'ana'));
  rounds.takeRecord(record('in-transit', 'a', 'in-transit', { by: { role: 'driver', id: 'ana' } }));
  rounds.drive();
  await pass(3_000);
  expect(sent).toEqual(['delivered a']);
});

it('claims nothing without a connection, nothing that is gone, and nothing after the end', async () => {
  const { rounds, client, sent, pass } = setUp();
  client.state = { kind: 'waiting', at: 0, offline: false };
  rounds.addOffer(order('a'));
  rounds.drive();
  rounds.removeOffer(order('a'));
  client.state = { kind: 'live', caughtUp: 0 };
  rounds.drive();
  rounds.addOffer(order('b'));
  rounds.forget();
  rounds.drive();
  rounds.takeParcel(view('c', 'claimed', 'ana'));
  rounds.drive();
  rounds.end();
  rounds.drive();
  expect(await pass(1_000)).toBe(0);
  expect(sent).toEqual([]);
  expect(rounds.inHand).toBe(1);
});
