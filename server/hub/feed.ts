/**
 * Publishes records to readers. The records of a few milliseconds leave as one frame per feed, encoded once for
 * all readers of that feed.
 *
 * A subscriber's states:
 *
 *     start ──▶ reading ──caught up──▶ live ──does not keep up──▶ reading ──▶ …
 *               pages from the log     frames of its feeds       pages, at the pace it takes them
 *
 * The step from reading to live happens within one turn: records committed since the page was read are still in
 * `recent`, so they are sent from there before the feeds are entered, and nothing can come in between.
 */

import { assert } from '../../protocol/errors.ts';
import type { View } from '../access/access.ts';
import { type FeedId, roomsOf, staffRoomsOf } from '../access/rooms.ts';
import { type Clock, isWithin } from '../clock.ts';
import type { Row } from '../store/row.ts';
import type { Page, Scope, Store } from '../store/store.ts';
import { chunksOf, frameOf, isDense } from './frames.ts';
import { EventsMessage } from './message.ts';
import { Room } from './room.ts';
import { type Log, type Sink, Subscriber } from './subscriber.ts';
import { Turns } from './turns.ts';

export type { Sink } from './subscriber.ts';

export interface FeedLimits {
  /** Records kept in memory for the step from reading to live, and their size in characters. */
  readonly recentMax: number;
  readonly recentSizeMax: number;
  /** A subscriber with more queued messages than this, or larger ones, falls back to reading the log. */
  readonly queuedMax: number;
  readonly queuedSizeMax: number;
  /** Records of one page, and their size in characters. */
  readonly pageMax: number;
  readonly pageSizeMax: number;
  /** How long commits are gathered under load, at least and at most. */
  readonly gatherMs: number;
  readonly gatherMaxMs: number;
  /** How much longer for each reader of the last frames: the more writes a frame costs, the fewer there are. */
  readonly gatherPerReaderMs: number;
  readonly sweepMs: number;
  /** A sparse feed that was quiet for this long sends a progress message. */
  readonly progressMs: number;
}

export const feedLimits: FeedLimits = {
  recentMax: 4_096,
  recentSizeMax: 4 * 1024 * 1024,
  queuedMax: 100,
  queuedSizeMax: 4 * 1024 * 1024,
  pageMax: 250,
  pageSizeMax: 128 * 1024,
  gatherMs: 10,
  gatherMaxMs: 50,
  gatherPerReaderMs: 0.25,
  sweepMs: 250,
  progressMs: 15_000,
};

/** Number of readers by state. */
export interface ReaderCounts {
  readonly live: number;
  /** Readers that did not keep up and read from the log. */
  readonly lagging: number;
  /** Readers that came a moment ago or with a cursor, and read what they missed. */
  readonly 'catching-up': number;
}

export interface FeedsOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** The log's last seq, and the number of ready parcels at that seq. */
  readonly head: number;
  readonly ready: number;
  readonly onFault: (error: unknown, what: string) => void;
  /** Shared with all heavy readers. */
  readonly turns?: Turns;
  readonly limits?: FeedLimits;
}

interface Feed {
  readonly key: FeedId;
  /** Live readers. */
  readonly readers: Room;
  /** `upTo` of its last frame. */
  last: number;
}

export class Feeds implements Log {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #onFault: (error: unknown, what: string) => void;
  readonly #limits: FeedLimits;
  readonly #turns: Turns;
  readonly #feeds = new Map<string, Feed>();
  /** How many of them are those of customers. */
  #customerFeeds = 0;
  readonly #live = new Set<Subscriber>();
  readonly #lagging = new Set<Subscriber>();
  /** The newest rows of the log, published or about to be. */
  #recent: Row[] = [];
  #recentSize = 0;
  /** Committed and not yet published. */
  #waiting: Row[] = [];
  /** The rows published last. */
  #published: readonly Row[] = [];
  /** The last seq that this hub has committed or read. */
  #head: number;
  /** Parcels on offer at `#head`. */
  #ready: number;
  #publishedAt = 0;
  /** How many messages the last flush sent. */
  #told = 0;
  #cancelFlush: (() => void) | undefined;
  #cancelSweep: (() => void) | undefined;
  #progressAt = 0;
  #closed = false;
  #tail: { until(seq: number): Promise<void> } | undefined;

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

  /** Takes the rows of one commit. They must follow the last commit without a gap. */
  publish(rows: readonly Row[]): void {
    const [first] = rows;
    const last = rows.at(-1);
    if (!first || !last) return;
    assert(first.seq === this.#head + 1, `row ${first.seq} follows ${this.#head}`);
    this.#head = last.seq;
    this.#waiting.push(...rows);
    this.#keep(rows);
    if (this.#cancelFlush) return;
    const gatherMs = this.#gatherMs;
    const wait = this.#publishedAt + gatherMs - this.#clock.now();
    if (wait <= 0) this.#flush();
    // A clock set back by an hour must not delay the frames for an hour.
    else this.#cancelFlush = this.#clock.after(Math.min(wait, gatherMs), () => this.#flush());
  }

  /**
   * Updates the count of offers and remembers the rows. Drops half of them at a time: shifting the array for each new
   * row would cost more than the memory.
   */
  #keep(rows: readonly Row[]): void {
    this.#recent.push(...rows);
    for (const { text, board } of rows) {
      this.#recentSize += text.length;
      if (board === 'on') this.#ready += 1;
      if (board === 'off') this.#ready -= 1;
    }
    const { recentMax, recentSizeMax } = this.#limits;
    while (this.#recent.length > 1 && (this.#recent.length > recentMax || this.#recentSize > recentSizeMax)) {
      const forgotten = this.#recent.splice(0, Math.ceil(this.#recent.length / 2));
      for (const { text } of forgotten) this.#recentSize -= text.length;
    }
  }

  get #gatherMs(): number {
    const { gatherMs, gatherMaxMs, gatherPerReaderMs } = this.#limits;
    return Math.min(Math.max(gatherMs, this.#told * gatherPerReaderMs), gatherMaxMs);
  }

  /** Passes over damaged records: all readers read around them from the log. */
  skip(upTo: number): void {
    this.#flush();
    this.#head = upTo;
    this.#recent = [];
    this.#recentSize = 0;
    for (const subscriber of [...this.#live]) subscriber.demote();
  }

  /** Readers who have caught up with the log wait until it is published up to there. */
  follow(tail: { until(seq: number): Promise<void> }): void {
    this.#tail = tail;
  }

  /** Sends one frame per feed with readers. */
  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    this.#publishedAt = this.#clock.now();
    const rows = this.#waiting;
    if (rows.length === 0) return;
    this.#waiting = [];
    // Catching up needs only the text; nothing else reads the parsed record from now on.
    for (const row of this.#published) row.forgetRecord();
    this.#published = rows;
    this.#told = 0;
    for (const chunk of chunksOf(rows)) this.#tell(chunk);
  }

  #tell(rows: readonly Row[]): void {
    const upTo = rows.at(-1)?.seq ?? this.#head;
    for (const [feed, own] of this.#concerned(rows)) {
      const message = frameOf(feed.key, feed.last, own, upTo, this.readyAt(upTo));
      if (!message) continue;
      feed.last = message.frame.upTo;
      feed.readers.tell(message);
      this.#told += feed.readers.size;
    }
  }

  /** Groups the rows by the feeds with readers that show them. */
  #concerned(rows: readonly Row[]): Map<Feed, Row[]> {
    const concerned = new Map<Feed, Row[]>();
    // No name for each parcel when nobody follows one.
    const named = this.#customerFeeds > 0 ? roomsOf : staffRoomsOf;
    for (const row of rows) {
      for (const room of named(row)) {
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
   * Sends progress messages. Drivers' feeds skip most of the log; without progress their place would stand still, and
   * a returning driver would be sent all of it again.
   */
  #sendProgress(): void {
    this.#progressAt = this.#clock.now();
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
    if (!isWithin(this.#limits.progressMs, this.#progressAt, this.#clock.now())) this.#sendProgress();
    this.#cancelSweep = this.#clock.after(this.#limits.sweepMs, () => this.#sweep());
  }

  // ---- subscribing ----

  /** @param after the reader's place in its scope: what follows is read from the log, then live */
  subscribe(view: View, after: number, sink: Sink, onLag: (lagging: boolean) => void): Subscriber {
    const subscriber = new Subscriber(this, view, after, sink, onLag);
    void subscriber.read();
    return subscriber;
  }

  /** Reads the next page in a turn of its own. */
  async read(scope: Scope, after: number): Promise<Page> {
    const { pageMax: limit, pageSizeMax: sizeMax } = this.#limits;
    await this.#turns.next();
    const page = await this.#store.read(scope, { after, limit, sizeMax });
    // Other hubs' records may be in the log and not published here yet: a reader goes live where the feeds are.
    if (page.head > this.#head) await this.#tail?.until(page.head);
    return page;
  }

  /** The rows after this seq, if memory still has them all. */
  since(seq: number): readonly Row[] | undefined {
    if (seq >= this.#head) return [];
    const first = this.#recent[0]?.seq;
    if (first === undefined || first > seq + 1) return undefined;
    return this.#recent.slice(seq + 1 - first);
  }

  get head(): number {
    return this.#head;
  }

  /** Parcels on offer now. */
  get ready(): number {
    return this.#ready;
  }

  /** Parcels on offer at this seq, if known. */
  readyAt(seq: number): number | undefined {
    return seq === this.#head ? this.#ready : undefined;
  }

  enter(subscriber: Subscriber, places: ReadonlyMap<FeedId, number>): void {
    for (const [key, place] of places) {
      let feed = this.#feeds.get(key.room);
      if (!feed) {
        feed = { key, readers: new Room(this.#onFault), last: place };
        this.#feeds.set(key.room, feed);
        if (key.name === 'parcel') this.#customerFeeds += 1;
      }
      // This reader's page may end before another reader's place; the rows in between are yet to be published.
      // Readers ignore what they already have.
      feed.last = Math.min(feed.last, place);
      feed.readers.enter(subscriber);
    }
    this.#live.add(subscriber);
    this.#lagging.delete(subscriber);
  }

  /** @returns the place of each feed */
  leave(subscriber: Subscriber): Map<FeedId, number> {
    const places = new Map<FeedId, number>();
    this.#live.delete(subscriber);
    this.#lagging.delete(subscriber);
    for (const key of subscriber.view.feeds) {
      const feed = this.#feeds.get(key.room);
      if (!feed?.readers.leave(subscriber)) continue;
      places.set(key, feed.last);
      if (feed.readers.size > 0) continue;
      this.#feeds.delete(key.room);
      if (key.name === 'parcel') this.#customerFeeds -= 1;
    }
    return places;
  }

  /** Leaves the live readers until it has caught up. @returns the place of each feed */
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
