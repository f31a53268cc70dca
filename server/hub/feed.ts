/**
 * Everything that readers get. A commit's records are gathered for up to a few milliseconds and then leave as
 * one frame per feed, encoded once for all who read that feed.
 *
 * One subscriber's way:
 *
 *     start ──▶ reading ──caught up──▶ live ──does not keep up──▶ reading ──▶ …
 *               pages from the log     frames of its feeds       pages, at the pace it takes them
 *
 * The step from reading to live happens in one turn: the records that were committed since the page was read
 * are still in `recent`, so they are sent from there and the feeds are entered, and nothing can come in between.
 */

import { assert } from '../../protocol/errors.ts';
import type { View } from '../access/access.ts';
import { type FeedId, roomsOf } from '../access/rooms.ts';
import { type Clock, isWithin } from '../clock.ts';
import type { Row } from '../store/row.ts';
import type { Page, Scope, Store } from '../store/store.ts';
import { frameOf, isDense, stretchesOf } from './frames.ts';
import { EventsMessage } from './message.ts';
import { Room } from './room.ts';
import { type Log, type Sink, Subscriber } from './subscriber.ts';
import { Turns } from './turns.ts';

export type { Sink } from './subscriber.ts';

export interface FeedLimits {
  /** Records kept in memory for the step from reading to live, and their size in characters. */
  readonly recentMax: number;
  readonly recentSizeMax: number;
  /** A subscriber with more messages queued than this, or larger ones, is read to from the log instead. */
  readonly queuedMax: number;
  readonly queuedSizeMax: number;
  /** Records of one page, and their size in characters. */
  readonly pageMax: number;
  readonly pageSizeMax: number;
  /** How long commits are gathered while there is a lot to publish. */
  readonly gatherMs: number;
  readonly sweepMs: number;
  /** A feed that had nothing to say for so long tells its readers how far the log is. */
  readonly tideMs: number;
}

export const feedLimits: FeedLimits = {
  recentMax: 4_096,
  recentSizeMax: 4 * 1024 * 1024,
  queuedMax: 100,
  queuedSizeMax: 4 * 1024 * 1024,
  pageMax: 250,
  pageSizeMax: 128 * 1024,
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

export interface FeedsOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** The log's last seq, and how many parcels are ready then. */
  readonly head: number;
  readonly ready: number;
  readonly onFault: (error: unknown, what: string) => void;
  /** Shared with whoever else reads a lot. */
  readonly turns?: Turns;
  readonly limits?: FeedLimits;
}

interface Feed {
  readonly key: FeedId;
  /** Those who read it live. */
  readonly readers: Room;
  /** The upTo of its last frame. */
  last: number;
}

export class Feeds implements Log {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #onFault: (error: unknown, what: string) => void;
  readonly #limits: FeedLimits;
  readonly #turns: Turns;
  readonly #feeds = new Map<string, Feed>();
  readonly #live = new Set<Subscriber>();
  readonly #lagging = new Set<Subscriber>();
  /** The newest rows of the log, published or about to be. */
  #recent: Row[] = [];
  #recentSize = 0;
  /** Committed and not yet published. */
  #waiting: Row[] = [];
  /** Published last. */
  #published: readonly Row[] = [];
  /** The log's last seq, as far as this hub has committed or read. */
  #head: number;
  /** Parcels on offer then. */
  #ready: number;
  #publishedAt = 0;
  #cancelFlush: (() => void) | undefined;
  #cancelSweep: (() => void) | undefined;
  #tideAt = 0;
  #closed = false;

  constructor({ store, clock, head, ready, onFault, turns, limits = feedLimits }: FeedsOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#onFault = onFault;
    this.#limits = limits;
    this.#turns = turns ?? new Turns(clock);
    this.#head = head;
    this.#ready = ready;
    this.#sweep();
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
    this.#keep(rows);
    if (this.#cancelFlush) return;
    const { gatherMs } = this.#limits;
    const wait = this.#publishedAt + gatherMs - this.#clock.now();
    if (wait <= 0) this.#flush();
    // Never longer, because a clock that was set back by an hour would hold everything up for an hour.
    else this.#cancelFlush = this.#clock.after(Math.min(wait, gatherMs), () => this.#flush());
  }

  /** Counts what is on offer, and keeps them. Forgets half of them at a time: a shift for each new row would cost more than the memory. */
  #keep(rows: readonly Row[]): void {
    this.#recent.push(...rows);
    for (const { text, board } of rows) {
      this.#recentSize += text.length;
      if (board !== 'same') this.#ready += board === 'on' ? 1 : -1;
    }
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
    // The text is enough for whoever catches up; until now somebody might still have looked at what it says.
    for (const row of this.#published) row.forgetRecord();
    this.#published = rows;
    for (const stretch of stretchesOf(rows)) this.#tell(stretch);
  }

  #tell(rows: readonly Row[]): void {
    const upTo = rows.at(-1)?.seq ?? this.#head;
    for (const [feed, own] of this.#concerned(rows)) {
      const message = frameOf(feed.key, feed.last, own, upTo, this.readyAt(upTo));
      if (!message) continue;
      feed.last = message.frame.upTo;
      feed.readers.tell(message);
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
      const { key, last: prev, readers } = feed;
      const ready = key.name === 'board' ? this.#ready : undefined;
      feed.last = this.#head;
      readers.tell(
        new EventsMessage({ feed: key.name, prev, upTo: this.#head, rows: [], gone: [], ready, damaged: [] }),
      );
    }
  }

  #sweep(): void {
    if (this.#closed) return;
    for (const subscriber of this.#live) {
      const { queued, queuedSize } = subscriber.sink;
      if (queued > this.#limits.queuedMax || queuedSize > this.#limits.queuedSizeMax) subscriber.demote();
    }
    if (!isWithin(this.#limits.tideMs, this.#tideAt, this.#clock.now())) this.#tide();
    this.#cancelSweep = this.#clock.after(this.#limits.sweepMs, () => this.#sweep());
  }

  // ---- subscribing ----

  /** @param after the reader's place in its scope: what follows it comes from the log, then live */
  subscribe(view: View, after: number, sink: Sink, onLag: (lagging: boolean) => void): Subscriber {
    const subscriber = new Subscriber(this, view, after, sink, onLag);
    void subscriber.read();
    return subscriber;
  }

  /** The next page, in a turn of its own. */
  async read(scope: Scope, after: number): Promise<Page> {
    const { pageMax: limit, pageSizeMax: sizeMax } = this.#limits;
    await this.#turns.next();
    return this.#store.read(scope, { after, limit, sizeMax });
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

  /** How many parcels are on offer now. */
  get ready(): number {
    return this.#ready;
  }

  /** How many were on offer at this seq of the log, where that is known. */
  readyAt(seq: number): number | undefined {
    return seq === this.#head ? this.#ready : undefined;
  }

  enter(subscriber: Subscriber, places: ReadonlyMap<FeedId, number>): void {
    for (const [key, place] of places) {
      let feed = this.#feeds.get(key.room);
      if (!feed) {
        feed = { key, readers: new Room(this.#onFault), last: place };
        this.#feeds.set(key.room, feed);
      }
      // A page that came late may end before the place that another reader brought; what lies between is yet to be
      // published. Whoever has it already takes no harm.
      feed.last = Math.min(feed.last, place);
      feed.readers.enter(subscriber);
    }
    this.#live.add(subscriber);
    this.#lagging.delete(subscriber);
  }

  /** @returns how far each feed had come */
  leave(subscriber: Subscriber): Map<FeedId, number> {
    const places = new Map<FeedId, number>();
    this.#live.delete(subscriber);
    this.#lagging.delete(subscriber);
    for (const key of subscriber.view.feeds) {
      const feed = this.#feeds.get(key.room);
      if (!feed?.readers.leave(subscriber)) continue;
      places.set(key, feed.last);
      if (feed.readers.size === 0) this.#feeds.delete(key.room);
    }
    return places;
  }

  /** Leaves the live ones until it has been read to as far as they are. @returns how far each feed had come */
  fallBehind(subscriber: Subscriber): Map<FeedId, number> {
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
