/**
 * Everything that readers get. A commit's records are gathered for up to a few milliseconds and then leave as
 * one frame per feed, encoded once for all who read that feed.
 *
 * One subscriber's way:
 *
 *     start ──▶ reading ──caught up──▶ live ──does not keep up──▶ reading ──▶ …
 *               pages from the log     frames of its rooms       pages, at the pace it takes them
 *
 * The step from reading to live happens in one turn: the records that were committed since the page was read
 * are still in `recent`, so they are sent from there and the rooms are joined, and nothing can come in between.
 */

import { assert } from '../protocol/errors.ts';
import type { Events, ServerToClient } from '../protocol/messages.ts';
import type { FeedKey, View } from './access.ts';
import type { Clock } from './clock.ts';
import type { Row, Scope, Store } from './store/store.ts';

/** Where a door hands out what all members of a room get. */
export interface Outlet {
  broadcast(room: string, message: keyof ServerToClient, json: string): void;
}

/** One subscriber's way out, given by its door. */
export interface Sink {
  /** To this subscriber alone. */
  send(message: keyof ServerToClient, json: string): void;
  join(room: string): void;
  leave(room: string): void;
  /** Messages handed over and not yet taken by the network. */
  readonly queued: number;
  /** Resolves when nothing is queued any more, or the connection has ended. */
  drained(): Promise<void>;
  /** The hub cannot go on serving this subscriber; it should connect again. */
  fail(): void;
}

export interface FeedLimits {
  /** Records kept in memory for the step from reading to live. */
  readonly recentMax: number;
  /** A subscriber with more messages queued than this is read to from the log instead. */
  readonly queuedMax: number;
  readonly pageSize: number;
  /** How long commits are gathered while there is a lot to publish. */
  readonly gatherMs: number;
  readonly sweepMs: number;
  /** A feed that had nothing to say for so long tells its readers how far the log is. */
  readonly tideMs: number;
}

export const feedLimits: FeedLimits = {
  recentMax: 4_096,
  queuedMax: 100,
  pageSize: 500,
  gatherMs: 10,
  sweepMs: 250,
  tideMs: 15_000,
};

interface Feed {
  readonly key: FeedKey;
  readonly members: Set<Subscriber>;
  /** The upTo of its last frame. */
  last: number;
}

export class Feeds {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #limits: FeedLimits;
  readonly #outlets = new Set<Outlet>();
  readonly #feeds = new Map<string, Feed>();
  readonly #live = new Set<Subscriber>();
  /** The newest rows of the log, published or about to be. */
  #recent: Row[] = [];
  /** Committed and not yet published. */
  #waiting: Row[] = [];
  /** The log's last seq, as far as this hub has committed or read. */
  #head: number;
  #publishedAt = 0;
  #cancelFlush: (() => void) | undefined;
  #cancelSweep: (() => void) | undefined;
  #tideAt = 0;
  #closed = false;

  /** @param head the log's last seq */
  constructor(store: Store, clock: Clock, head: number, limits: FeedLimits = feedLimits) {
    this.#store = store;
    this.#clock = clock;
    this.#limits = limits;
    this.#head = head;
    this.#sweep();
  }

  attach(outlet: Outlet): void {
    this.#outlets.add(outlet);
  }

  broadcast(room: string, message: keyof ServerToClient, json: string): void {
    for (const outlet of this.#outlets) outlet.broadcast(room, message, json);
  }

  get liveCount(): number {
    return this.#live.size;
  }

  // ---- publishing ----

  /** Takes the rows of one commit, which follow those of the commit before. */
  publish(rows: readonly Row[]): void {
    const [first] = rows;
    const last = rows.at(-1);
    if (!first || !last) return;
    assert(first.seq === this.#head + 1, `row ${first.seq} follows ${this.#head}`);
    this.#head = last.seq;
    this.#waiting.push(...rows);
    this.#recent.push(...rows);
    if (this.#recent.length > 2 * this.#limits.recentMax)
      this.#recent = this.#recent.slice(-this.#limits.recentMax);
    if (this.#cancelFlush) return;
    const wait = this.#publishedAt + this.#limits.gatherMs - this.#clock.now();
    if (wait <= 0) this.#flush();
    else this.#cancelFlush = this.#clock.after(wait, () => this.#flush());
  }

  /** One frame per feed that has readers. */
  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    this.#publishedAt = this.#clock.now();
    const rows = this.#waiting;
    if (rows.length === 0) return;
    this.#waiting = [];
    for (const [feed, own] of this.#concerned(rows)) {
      const frame = frameOf(feed.key, feed.last, own, this.#head);
      if (!frame) continue;
      feed.last = frame.upTo;
      this.broadcast(feed.key.room, 'events', frame.json);
    }
  }

  /** The feeds with readers that these rows concern, each with its rows. */
  #concerned(rows: readonly Row[]): Map<Feed, Row[]> {
    const concerned = new Map<Feed, Row[]>();
    for (const row of rows) {
      for (const room of roomsOf(row)) {
        const feed = this.#feeds.get(room);
        if (!feed) continue;
        const own = concerned.get(feed);
        if (own) own.push(row);
        else concerned.set(feed, [row]);
      }
    }
    return concerned;
  }

  /**
   * The feeds of drivers leave out most of the log. While nothing in it is theirs their place stands still, and
   * a driver who comes back would be read all of it. So every now and then they are told how far the log is.
   */
  #tide(): void {
    this.#tideAt = this.#clock.now();
    if (this.#waiting.length > 0) return;
    for (const feed of this.#feeds.values()) {
      if (isDense(feed.key) || feed.last === this.#head) continue;
      this.broadcast(feed.key.room, 'events', eventsJson(feed.key, feed.last, this.#head, [], []));
      feed.last = this.#head;
    }
  }

  #sweep(): void {
    if (this.#closed) return;
    for (const subscriber of this.#live) {
      if (subscriber.sink.queued > this.#limits.queuedMax) subscriber.demote();
    }
    if (this.#clock.now() - this.#tideAt >= this.#limits.tideMs) this.#tide();
    this.#cancelSweep = this.#clock.after(this.#limits.sweepMs, () => this.#sweep());
  }

  // ---- subscribing ----

  /** @param after the reader's place in its scope: what follows it comes from the log, then live */
  subscribe(view: View, after: number, sink: Sink, onLag: (lagging: boolean) => void): Subscriber {
    const subscriber = new Subscriber(this, view, after, sink, onLag);
    void subscriber.read();
    return subscriber;
  }

  read(scope: Scope, after: number): ReturnType<Store['read']> {
    return this.#store.read(scope, { after, limit: this.#limits.pageSize });
  }

  /** The rows after this seq of the log if memory still has them all, else undefined. */
  since(seq: number): readonly Row[] | undefined {
    if (seq >= this.#head) return [];
    const first = this.#recent[0]?.seq;
    if (first === undefined || first > seq + 1) return undefined;
    return this.#recent.slice(seq + 1 - first);
  }

  get head(): number {
    return this.#head;
  }

  enter(subscriber: Subscriber, places: ReadonlyMap<FeedKey, number>): void {
    for (const [key, place] of places) {
      let feed = this.#feeds.get(key.room);
      if (!feed) {
        feed = { key, members: new Set(), last: place };
        this.#feeds.set(key.room, feed);
      }
      feed.members.add(subscriber);
      subscriber.sink.join(key.room);
    }
    this.#live.add(subscriber);
  }

  /** @returns how far each feed had come */
  leave(subscriber: Subscriber): Map<FeedKey, number> {
    const places = new Map<FeedKey, number>();
    this.#live.delete(subscriber);
    for (const key of subscriber.view.feeds) {
      const feed = this.#feeds.get(key.room);
      if (!feed?.members.delete(subscriber)) continue;
      places.set(key, feed.last);
      subscriber.sink.leave(key.room);
      if (feed.members.size === 0) this.#feeds.delete(key.room);
    }
    return places;
  }

  /** Publishes what is left. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    this.#cancelSweep?.();
  }
}

/** One reader of one scope. */
export class Subscriber {
  readonly view: View;
  readonly sink: Sink;
  readonly #feeds: Feeds;
  readonly #onLag: (lagging: boolean) => void;
  /** How far each of its feeds has come. */
  #places: Map<FeedKey, number>;
  #closed = false;

  constructor(feeds: Feeds, view: View, after: number, sink: Sink, onLag: (lagging: boolean) => void) {
    this.#feeds = feeds;
    this.view = view;
    this.sink = sink;
    this.#onLag = onLag;
    this.#places = new Map(view.feeds.map((key) => [key, after]));
  }

  /** Reads on from its places until it can go live. */
  async read(): Promise<void> {
    try {
      while (!this.#closed) {
        const page = await this.#feeds.read(this.view.scope, this.#lowest());
        if (this.#closed) return;
        const last = page.rows.at(-1);
        if (page.more && last) {
          this.#send(page.rows, last.seq);
          await this.sink.drained();
          continue;
        }
        const rest = this.#feeds.since(page.head);
        if (rest === undefined) {
          this.#send(page.rows, page.head);
          continue;
        }
        // From here to `enter` nothing may wait. The page may be ahead of what has been published so far.
        this.#send([...page.rows, ...rest], Math.max(page.head, this.#feeds.head));
        this.#feeds.enter(this, this.#places);
        this.#onLag(false);
        return;
      }
    } catch {
      // The log could not be read. The client still knows its place and comes again.
      if (!this.#closed) this.sink.fail();
    }
  }

  /** Does not keep up: from now on it gets pages of the log, each when it has taken the one before. */
  demote(): void {
    this.#places = this.#feeds.leave(this);
    this.#onLag(true);
    void this.sink.drained().then(() => this.read());
  }

  close(): void {
    this.#closed = true;
    this.#feeds.leave(this);
  }

  #lowest(): number {
    return Math.min(...this.#places.values());
  }

  #send(rows: readonly Row[], head: number): void {
    for (const [key, place] of this.#places) {
      const own = rows.filter((row) => roomsOf(row).includes(key.room));
      const frame = frameOf(key, place, own, head);
      if (!frame) continue;
      this.#places.set(key, frame.upTo);
      this.sink.send('events', frame.json);
    }
  }
}

// ---- frames ----

/** The rooms whose feeds show this record. */
function roomsOf(row: Row): string[] {
  const rooms = ['log', `store:${row.store}`, `parcel:${nameOf(row)}`];
  if (row.board !== 'same') rooms.push('board');
  for (const driver of row.drivers) rooms.push(`own:${driver}`);
  return rooms;
}

function nameOf({ store, orderID }: Row): string {
  return `${store}\n${orderID}`;
}

/** Whether the feed's reader sees every seq that it counts. */
function isDense(key: FeedKey): boolean {
  return key.name === 'store' || key.name === 'parcel' || key.name === 'log';
}

/** A row's seq as the readers of this feed count it. */
function seqIn(key: FeedKey, row: Row): number {
  if (key.name === 'store') return row.storeSeq;
  return key.name === 'parcel' ? row.rev : row.seq;
}

/**
 * What a feed says of these rows, which are its own and ascending; undefined if that is nothing new.
 * @param head the log's seq up to which the rows are complete
 */
function frameOf(
  key: FeedKey,
  place: number,
  rows: readonly Row[],
  head: number,
): { json: string; upTo: number } | undefined {
  const fresh = rows.filter((row) => seqIn(key, row) > place);
  const last = fresh.at(-1);
  const upTo = isDense(key) ? (last ? seqIn(key, last) : place) : head;
  if (upTo <= place) return undefined;
  if (key.name !== 'board') return { json: eventsJson(key, place, upTo, fresh, []), upTo };
  // Of each parcel only its last step counts: on offer, or gone.
  const latest = new Map(fresh.map((row) => [nameOf(row), row]));
  const steps = [...latest.values()];
  const on = steps.filter((row) => row.board === 'on').sort((a, b) => a.seq - b.seq);
  const off = steps.filter((row) => row.board === 'off');
  return { json: eventsJson(key, place, upTo, on, off), upTo };
}

/** An `events` message, put together from the records' stored text. */
function eventsJson(
  key: FeedKey,
  prev: number,
  upTo: number,
  on: readonly Row[],
  off: readonly Row[],
): string {
  const records = on.map((row) => recordJson(key, row)).join(',');
  const gone = off.length === 0 ? '' : `,"gone":${JSON.stringify(off.map(goneOf))}`;
  return `{"feed":"${key.name}","prev":${prev},"upTo":${upTo},"records":[${records}]${gone}}`;
}

function recordJson(key: FeedKey, row: Row): string {
  return `{"seq":${seqIn(key, row)},${row.text}`;
}

function goneOf({ store, orderID, text }: Row): NonNullable<Events['gone']>[number] {
  const { by } = JSON.parse(`{${text}`) as { by: { id: string; name?: string } };
  return { store, orderID, by: by.name ?? by.id };
}
