import { beforeEach, expect, it } from 'vitest';
import type { Offers, Parcels, ParcelView } from '../protocol/messages.ts';
import type { ClientEvents } from './client.ts';
import { MoreOffers } from './more-offers.ts';
import type { FeedRange } from './places.ts';

/** A hub with numbered offers, and a driver who knows some of them. */
class Board {
  readonly all: number[] = [];
  readonly known = new Set<number>();
  readonly asked: (string | undefined)[] = [];
  pageMax = 10;
  isGone = false;
  wanted = 5;
  readonly more: MoreOffers;
  #tellParcels: (parcels: Parcels) => void = () => {};
  #tellEvents: (stretch: FeedRange) => void = () => {};

  constructor() {
    this.more = new MoreOffers({
      client: {
        on: <K extends keyof ClientEvents>(name: K, listener: (event: ClientEvents[K]) => void) => {
          const told = listener as (event: unknown) => void;
          if (name === 'parcels') this.#tellParcels = told;
          if (name === 'events') this.#tellEvents = told;
          return () => {};
        },
        offers: async (from) => {
          this.asked.push(from);
          return this.isGone ? undefined : this.page(from);
        },
      },
      known: () => this.known.size,
      came: (items) => {
        for (const { payload } of items) this.known.add(Number(payload.orderID));
      },
      changed: () => this.check(),
    });
  }

  page(from: string | undefined): Offers {
    const rest = this.all.filter((number) => from === undefined || number > Number(from));
    const items = rest.slice(0, this.pageMax);
    const next = rest.length > items.length ? { next: String(items.at(-1)) } : {};
    return { items: items.map(viewOf), ready: this.all.length, ...next };
  }

  start(): void {
    const { items, ready, next } = this.page(undefined);
    for (const { payload } of items) this.known.add(Number(payload.orderID));
    this.#tellParcels({ upTo: 0, items, more: false, ready, ...(next === undefined ? {} : { next }) });
  }

  /** Another driver takes it. */
  take(number: number): void {
    this.all.splice(this.all.indexOf(number), 1);
    this.known.delete(number);
    this.#tellEvents({ feed: 'board', upTo: 0, records: [], gone: [], damaged: [], ready: this.all.length });
  }

  check(): void {
    this.more.want(this.known.size, this.wanted);
  }

  async settled(): Promise<void> {
    for (let asked = -1; asked !== this.asked.length; ) {
      asked = this.asked.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function viewOf(number: number): ParcelView {
  const payload = { store: 'red', orderID: String(number), customer: 'Zoë', address: '12 Elm Street' };
  const at = '2026-01-01T00:00:00.000Z';
  return { payload, status: 'ready', rev: 1, attempts: 0, createdAt: at, changedAt: at };
}

let board: Board;
beforeEach(() => {
  board = new Board();
  board.all.push(...Array.from({ length: 35 }, (_, i) => i + 1));
});

it('a driver whose list others have emptied reads on to the last offer', async () => {
  board.start();
  expect(board.more.count).toBe(35);
  board.check();
  expect(board.asked).toEqual([]);
  for (let left = 35; left > 0; left -= 1) {
    // Another driver takes the oldest.
    const [oldest] = board.all;
    expect(board.known.has(oldest ?? 0)).toBe(true);
    board.take(oldest ?? 0);
    board.check();
    await board.settled();
    expect(board.more.count).toBe(left - 1);
  }
  expect(board.asked).toEqual(['10', '20', '30']);
});

it('offers that the page has dropped are read again from the beginning', async () => {
  board.start();
  board.wanted = 100;
  board.check();
  await board.settled();
  expect(board.known.size).toBe(35);
  for (const number of [1, 2, 12]) board.known.delete(number);
  board.check();
  await board.settled();
  expect(board.known.size).toBe(35);
});

it('an offer that no page lists is not asked for again until the hub reports a new number', async () => {
  board.start();
  board.wanted = 100;
  board.check();
  await board.settled();
  // The hub counts one that it does not list, because somebody has just taken it.
  board.known.delete(35);
  board.page = (from) => ({ ...Board.prototype.page.call(board, from), items: [], ready: 35 });
  board.check();
  await board.settled();
  const { length } = board.asked;
  board.check();
  await board.settled();
  expect(board.asked).toHaveLength(length);
  board.take(34);
  board.check();
  await board.settled();
  expect(board.asked.length).toBeGreaterThan(length);
});

it('a page that does not arrive is asked for again after the next frame, one request at a time', async () => {
  board.start();
  board.wanted = 20;
  board.isGone = true;
  board.check();
  board.check();
  await board.settled();
  expect(board.asked).toEqual(['10']);
  board.isGone = false;
  board.check();
  await board.settled();
  expect(board.asked).toEqual(['10', '10']);
  expect(board.known.size).toBe(20);
});

it('a hub that does not count its offers gets no request for them', async () => {
  board.check();
  await board.settled();
  expect([board.asked, board.more.count]).toEqual([[], 0]);
});
