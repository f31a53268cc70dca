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
import type { ServerToClient } from '../protocol/messages.ts';
import type { FeedKey, View } from './access.ts';
import type { Clock } from './clock.ts';
import { eventsJson, frameOf, isDense, roomsOf } from './frames.ts';
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
  /** Their size, in characters. */
  readonly queuedSize: number;
  /** Resolves when nothing is queued any more, or the connection has ended. */
  drained(): Promise<void>;
  /** The hub cannot go on serving this subscriber; it should connect again. */
  fail(): void;
}

export interface FeedLimits {
  /** Records kept in memory for the step from reading to live, and their size in characters. */
  readonly recentMax: number;
  readonly recentSizeMax: number;
  /** A subscriber with more messages queued than this, or larger ones, is read to from the log instead. */
  readonly queuedMax: number;
  readonly queuedSizeMax: number;
  readonly pageSize: number;
  /** How long commits are gathered while there is a lot to publish. */
  readonly gatherMs: number;
  readonly sweepMs: number;
  /** A feed that had nothing to say for so long tells its readers how far the log is. */
  readonly tideMs: number;
}

/** Of one page, in characters: less than an event stream may have waiting. */
const pageSizeMax = 128 * 1024;

export const feedLimits: FeedLimits = {
  recentMax: 4_096,
  recentSizeMax: 4 * 1024 * 1024,
  queuedMax: 100,
  queuedSizeMax: 4 * 1024 * 1024,
  pageSize: 250,
  gatherMs: 10,
  sweepMs: 250,
  tideMs: 15_000,
};

/** How many readers there are, by what they are doing. */
export interface ReaderCounts {
  readonly live: number;
  /** They did not keep up, and are read to from the log. */
  readonly lagging: number;
  /** They have come a moment ago, or with a cursor, and are read what they missed. */
  readonly 'catching-up': number;
}

interface Feed {
  readonly key: FeedKey;
  readonly members: Set<Subscriber>;
  /** The upTo of its last frame. */
  last: number;
}

export class Feeds {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #onFault: (error: unknown, what: string) => void;
  readonly #limits: FeedLimits;
  readonly #outlets = new Set<Outlet>();
  readonly #feeds = new Map<string, Feed>();
  readonly #live = new Set<Subscriber>();
  readonly #lagging = new Set<Subscriber>();
  /** The newest rows of the log, published or about to be. */
  #recent: Row[] = [];
  #recentSize = 0;
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
  constructor(
    store: Store,
    clock: Clock,
    head: number,
    onFault: (error: unknown, what: string) => void,
    limits: FeedLimits = feedLimits,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#onFault = onFault;
    this.#limits = limits;
    this.#head = head;
    this.#sweep();
  }

  attach(outlet: Outlet): void {
    this.#outlets.add(outlet);
  }

  broadcast(room: string, message: keyof ServerToClient, json: string): void {
    for (const outlet of this.#outlets) {
      try {
        outlet.broadcast(room, message, json);
      } catch (error) {
        // What is committed cannot be taken back, and nobody waits for this: one door's bug must end no other's news.
        this.#onFault(error, 'news could not be passed on');
      }
    }
  }

  get counts(): Pick<ReaderCounts, 'live' | 'lagging'> {
    return { live: this.#live.size, lagging: this.#lagging.size };
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
    this.#keepRecent(rows);
    if (this.#cancelFlush) return;
    const { gatherMs } = this.#limits;
    const wait = this.#publishedAt + gatherMs - this.#clock.now();
    if (wait <= 0) this.#flush();
    // Never longer, because a clock that was set back by an hour would hold everything up for an hour.
    else this.#cancelFlush = this.#clock.after(Math.min(wait, gatherMs), () => this.#flush());
  }

  /** Forgets half of them at a time: a shift for each new row would cost more than the memory. */
  #keepRecent(rows: readonly Row[]): void {
    this.#recent.push(...rows);
    for (const { text } of rows) this.#recentSize += text.length;
    const { recentMax, recentSizeMax } = this.#limits;
    while (this.#recent.length > 1 && (this.#recent.length > recentMax || this.#recentSize > recentSizeMax)) {
      const forgotten = this.#recent.splice(0, Math.ceil(this.#recent.length / 2));
      for (const { text } of forgotten) this.#recentSize -= text.length;
    }
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
      if (isDense(feed.key) || feed.last >= this.#head) continue;
      this.broadcast(feed.key.room, 'events', eventsJson(feed.key, feed.last, this.#head, [], []));
      feed.last = this.#head;
    }
  }

  #sweep(): void {
    if (this.#closed) return;
    for (const subscriber of this.#live) {
      const { queued, queuedSize } = subscriber.sink;
      if (queued > this.#limits.queuedMax || queuedSize > this.#limits.queuedSizeMax) subscriber.demote();
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
    return this.#store.read(scope, { after, limit: this.#limits.pageSize, sizeMax: pageSizeMax });
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
      // A page that came late may end before the place that another reader brought; what lies between is yet to be
      // published. Whoever has it already takes no harm.
      feed.last = Math.min(feed.last, place);
      feed.members.add(subscriber);
      subscriber.sink.join(key.room);
    }
    this.#live.add(subscriber);
    this.#lagging.delete(subscriber);
  }

  /** @returns how far each feed had come */
  leave(subscriber: Subscriber): Map<FeedKey, number> {
    const places = new Map<FeedKey, number>();
    this.#live.delete(subscriber);
    this.#lagging.delete(subscriber);
    for (const key of subscriber.view.feeds) {
      const feed = this.#feeds.get(key.room);
      if (!feed?.members.delete(subscriber)) continue;
      places.set(key, feed.last);
      subscriber.sink.leave(key.room);
      if (feed.members.size === 0) this.#feeds.delete(key.room);
    }
    return places;
  }

  /** Leaves the live ones until it has been read to as far as they are. @returns how far each feed had come */
  fallBehind(subscriber: Subscriber): Map<FeedKey, number> {
    const places = this.leave(subscriber);
    this.#lagging.add(subscriber);
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
    this.#places = this.#feeds.fallBehind(this);
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
