import { beforeEach, expect, it } from 'vitest';
import type { ClientEvents } from '../../../client/client.ts';
import type { CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import type { OrderPage } from '../../../protocol/rest.ts';
import { BoardFeed } from './board-feed.ts';
import { BoardRows } from './board-rows.ts';

const noon = '2026-11-30T12:00:00.000Z';

function view(orderID: string, change: Partial<ParcelView> = {}): ParcelView {
  const payload = { store: 'red', orderID, customer: 'Hulda', address: '9 Elm Street' };
  return { payload, status: 'ready', rev: 1, attempts: 0, createdAt: noon, changedAt: noon, ...change };
}

function record(orderID: string, rev: number, change: Partial<CapsRecord> = {}): CapsRecord {
  return {
    seq: rev,
    event: 'claimed',
    time: noon,
    status: 'claimed',
    rev,
    payload: view(orderID).payload,
    by: { role: 'driver', id: 'ana' },
    holder: { id: 'ana' },
    via: 'socket.io',
    ...change,
  };
}

/** Plays the hub's messages. */
class FakeClient {
  readonly #listeners = new Map<string, (event: never) => void>();
  on<K extends keyof ClientEvents>(name: K, listener: (event: ClientEvents[K]) => void): () => void {
    this.#listeners.set(name, listener);
    return () => {};
  }
  tell<K extends keyof ClientEvents>(name: K, event: ClientEvents[K]): void {
    const listener = this.#listeners.get(name) as ((event: ClientEvents[K]) => void) | undefined;
    listener?.(event);
  }
  events(...records: CapsRecord[]): void {
    this.tell('events', { feed: 'log', prev: 0, upTo: 1, records } as unknown as ClientEvents['events']);
  }
}

interface Request {
  readonly cursor: string | undefined;
  readonly answer: (page: OrderPage) => void;
  readonly fail: () => void;
}

let rows: BoardRows;
let requests: Request[];
let singles: string[];
let client: FakeClient;
let feed: BoardFeed;

beforeEach(() => {
  rows = new BoardRows();
  requests = [];
  singles = [];
  client = new FakeClient();
  feed = new BoardFeed({
    rows,
    changed: () => {},
    read: (cursor) =>
      new Promise((answer, reject) => {
        requests.push({ cursor, answer, fail: () => reject(new Error('away')) });
      }),
    readOne: ({ orderID }) => {
      singles.push(orderID);
      return Promise.resolve({ parcel: view(orderID, { rev: 8, status: 'in-transit' }), records: [] });
    },
  });
  feed.follow(client);
});

const settled = () => new Promise((resolve) => setImmediate(resolve));
const welcome = { protocol: 1, epoch: 'e', head: 1, actor: { role: 'admin', id: 'admin' } } as const;
const ids = () => {
  const columns = rows.columns(Date.parse(noon));
  return Object.values(columns).flatMap((all) => all.map((row) => row.view.payload.orderID));
};

it('connects at the cursor of the first page, and reads the other pages meanwhile', async () => {
  requests[0]?.answer({ items: [view('1')], next: 'n', asOf: 'e.5' });
  expect(await feed.after).toBe('e.5');
  client.tell('welcome', welcome);
  client.events(record('1', 2), record('2', 3, { event: 'delivered', status: 'delivered' }));
  await settled();
  expect(requests.map(({ cursor }) => cursor)).toEqual([undefined, 'n']);
  // This page is older than what the feed has brought.
  requests[1]?.answer({ items: [view('1'), view('2', { rev: 2 }), view('3')], next: null, asOf: 'e.7' });
  await settled();
  expect(feed.state).toBe('done');
  expect(ids()).toEqual(['3', '1']);
  expect(rows.columns(0).claimed).toHaveLength(1);
});

it('reads everything again after a reset, and ignores pages of before', async () => {
  requests[0]?.answer({ items: [view('old')], next: 'n', asOf: 'e.5' });
  await feed.after;
  await settled();
  client.tell('reset', { reason: 'bad-cursor' });
  expect(ids()).toEqual([]);
  expect(requests).toHaveLength(2);
  client.tell('welcome', { ...welcome, epoch: 'f' });
  expect(requests[2]?.cursor).toBeUndefined();
  requests[1]?.answer({ items: [view('stale')], next: null, asOf: 'e.6' });
  requests[2]?.answer({ items: [view('new')], next: null, asOf: 'f.1' });
  await settled();
  expect(ids()).toEqual(['new']);
});

it('reads the list after the welcome if it did not come before', async () => {
  requests[0]?.fail();
  expect(await feed.after).toBeUndefined();
  expect(feed.state).toBe('failed');
  client.tell('welcome', welcome);
  expect(requests).toHaveLength(2);
  requests[1]?.answer({ items: [view('1')], next: null, asOf: 'e.1' });
  await settled();
  expect(ids()).toEqual(['1']);
  // A reconnect goes on from its cursor.
  client.tell('welcome', welcome);
  expect(requests).toHaveLength(2);
});

it('goes on with the list where it broke off', async () => {
  requests[0]?.answer({ items: [view('1')], next: 'n', asOf: 'e.5' });
  await settled();
  requests[1]?.fail();
  await settled();
  expect(feed.state).toBe('failed');
  feed.retry();
  expect(requests[2]?.cursor).toBe('n');
});

it('reads a parcel whose delivery was taken back', async () => {
  requests[0]?.answer({ items: [], next: null, asOf: 'e.5' });
  await settled();
  client.events(record('1', 7, { event: 'corrected', status: 'in-transit' }));
  await settled();
  expect(singles).toEqual(['1']);
  expect(rows.takePartial()).toEqual([]);
  expect(ids()).toEqual(['1']);
});
