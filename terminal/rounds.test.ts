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

/** A driver whose time passes by hand. */
function setUp({ most = Number.POSITIVE_INFINITY, refused = [] as string[] } = {}) {
  const sent: string[] = [];
  const pauses: { ms: number; end: (goesOn: boolean) => void }[] = [];
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
    pause: (ms) => new Promise((end) => pauses.push({ ms, end })),
    wantsMore: (inHand) => inHand < most,
  });
  return {
    rounds,
    client,
    sent,
    /** Ends every pause of this length. */
    async pass(ms: number, goesOn = true) {
      const due = pauses.filter((pause) => pause.ms === ms);
      for (const pause of due) pauses.splice(pauses.indexOf(pause), 1);
      for (const { end } of due) end(goesOn);
      await new Promise(setImmediate);
      return due.length;
    },
  };
}

it('claims at once, picks up after a second, delivers three seconds later', async () => {
  const { rounds, sent, pass } = setUp();
  rounds.offered(order('a'));
  rounds.claimSome();
  rounds.claimSome();
  expect(await pass(0)).toBe(1);
  expect(await pass(1_000)).toBe(1);
  expect(await pass(3_000)).toBe(1);
  expect(sent).toEqual(['claimed a', 'in-transit a', 'delivered a']);
  rounds.heard(record('delivered', 'a', 'delivered'));
  expect(rounds.inHand).toBe(0);
});

it('at most three in hand, what is being claimed and what waits for a person included', async () => {
  const { rounds, sent, pass } = setUp();
  rounds.found(view('failed', 'failed', 'ana'));
  for (const id of ['a', 'b', 'c', 'd']) rounds.offered(order(id));
  rounds.claimSome();
  await pass(0);
  expect(sent).toHaveLength(2);
  rounds.heard(record('returned', 'failed', 'returned'));
  rounds.claimSome();
  await pass(0);
  expect(sent).toHaveLength(3);
});

it('a lost race is passed over, and the next offer taken', async () => {
  const { rounds, sent, pass } = setUp({ most: 1, refused: ['claimed a'] });
  rounds.offered(order('a'));
  rounds.claimSome();
  rounds.offered(order('b'));
  await pass(0);
  await pass(0);
  expect(sent).toEqual(['claimed a', 'claimed b']);
  expect(rounds.inHand).toBe(1);
});

it('goes on with what it holds at the start, once, and leaves alone what others hold', async () => {
  const { rounds, sent, pass } = setUp();
  for (const parcel of [
    view('a', 'claimed', 'ana'),
    view('b', 'in-transit', 'ana'),
    view('c', 'claimed', 'ben'),
  ]) {
    rounds.found(parcel);
    rounds.found(parcel);
  }
  await pass(1_000);
  await pass(3_000);
  expect(sent.toSorted()).toEqual(['delivered a', 'delivered b', 'in-transit a'].toSorted());
});

it('what dispatch takes away is let go, and what it hands over is carried', async () => {
  const { rounds, sent, pass } = setUp();
  rounds.found(view('a', 'claimed', 'ana'));
  rounds.found(view('b', 'in-transit', 'ana'));
  rounds.heard(record('reassigned', 'a', 'claimed', { details: { driver: 'ben' } }));
  rounds.heard(record('cancelled', 'b', 'cancelled'));
  rounds.heard(record('reassigned', 'c', 'in-transit', { details: { driver: 'ana' } }));
  await pass(1_000);
  await pass(3_000);
  expect(sent).toEqual(['delivered c']);
});

it('given back and claimed again is one journey, the new one', async () => {
  const { rounds, sent, pass } = setUp();
  rounds.found(view('a', 'claimed', 'ana'));
  rounds.heard(record('released', 'a', 'ready'));
  rounds.offered(order('a'));
  rounds.claimSome();
  await pass(1_000);
  expect(sent).toEqual([]);
  await pass(0);
  await pass(1_000);
  expect(sent).toEqual(['claimed a', 'in-transit a']);
});

it('nothing is claimed while the hub is away, of what is gone, or once the end has come', async () => {
  const { rounds, client, sent, pass } = setUp();
  client.state = { kind: 'waiting', at: 0, offline: false };
  rounds.offered(order('a'));
  rounds.claimSome();
  rounds.gone(order('a'));
  client.state = { kind: 'live', caughtUp: 0 };
  rounds.claimSome();
  rounds.offered(order('b'));
  rounds.forgetOffers();
  rounds.claimSome();
  rounds.found(view('c', 'claimed', 'ana'));
  expect(await pass(1_000, false)).toBe(1);
  expect(sent).toEqual([]);
  expect(rounds.inHand).toBe(1);
});
