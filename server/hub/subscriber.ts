import { seqIn, type View } from '../access/access.ts';
import { type FeedId, roomsOf } from '../access/rooms.ts';
import type { Row } from '../store/row.ts';
import type { Page, Scope } from '../store/store.ts';
import { frameOf, stretchesOf } from './frames.ts';
import type { Message } from './message.ts';
import type { Member } from './room.ts';

/** What a subscriber reads from, and where it goes live. */
export interface Log {
  /** The last seq. */
  readonly head: number;
  /** How many parcels were on offer at this seq, where that is known. */
  readyAt(seq: number): number | undefined;
  /** The next page, in a turn of its own. */
  read(scope: Scope, after: number): Promise<Page>;
  /** The rows after this seq of the log if memory still has them all, else undefined. */
  since(seq: number): readonly Row[] | undefined;
  enter(subscriber: Subscriber, places: ReadonlyMap<FeedId, number>): void;
  leave(subscriber: Subscriber): void;
  /** Leaves the live ones until it has been read to as far as they are. @returns how far each feed had come */
  fallBehind(subscriber: Subscriber): Map<FeedId, number>;
}

/** One subscriber's way out, given by its door. */
export interface Sink {
  /** Others may be sent the same message: what is made of it once is good for all of them. */
  send(message: Message): void;
  /** Messages handed over and not yet taken by the network. */
  readonly queued: number;
  /** Their size, in characters. */
  readonly queuedSize: number;
  /** Resolves when nothing is queued any more, or the connection has ended. */
  drained(): Promise<void>;
  /** The hub cannot go on serving this subscriber; it should connect again. */
  fail(): void;
}

/** One reader of one scope: what follows its place comes from the log, page by page, and from there on live. */
export class Subscriber implements Member {
  readonly view: View;
  readonly sink: Sink;
  readonly #log: Log;
  readonly #onLag: (lagging: boolean) => void;
  /** How far each of its feeds has come. */
  #places: Map<FeedId, number>;
  #closed = false;

  constructor(log: Log, view: View, after: number, sink: Sink, onLag: (lagging: boolean) => void) {
    this.#log = log;
    this.view = view;
    this.sink = sink;
    this.#onLag = onLag;
    this.#places = new Map(view.feeds.map((key) => [key, after]));
  }

  /** Reads on from its places until it can go live. */
  async read(): Promise<void> {
    try {
      while (!this.#closed) {
        const page = await this.#log.read(this.view.scope, this.#lowest());
        if (this.#closed) return;
        if (page.more) {
          this.#send(page, this.#endOf(page));
          await this.sink.drained();
          continue;
        }
        const rest = this.#log.since(page.head);
        if (rest === undefined) {
          this.#send(page, page.head);
          continue;
        }
        // From here to `enter` nothing may wait. The page may be ahead of what has been published so far.
        this.#send({ ...page, rows: [...page.rows, ...rest] }, Math.max(page.head, this.#log.head));
        if (this.#closed) return;
        this.#log.enter(this, this.#places);
        this.#onLag(false);
        return;
      }
    } catch {
      // The log could not be read. The client still knows its place and comes again.
      if (!this.#closed) this.sink.fail();
    }
  }

  /** Nothing more once it has gone, which may be because of what it was sent just now. */
  send(message: Message): void {
    if (!this.#closed) this.sink.send(message);
  }

  /** Does not keep up: from now on it gets pages of the log, each when it has taken the one before. */
  demote(): void {
    this.#places = this.#log.fallBehind(this);
    this.#onLag(true);
    void this.sink.drained().then(() => this.read());
  }

  close(): void {
    this.#closed = true;
    this.#log.leave(this);
  }

  #lowest(): number {
    return Math.min(...this.#places.values());
  }

  /** Up to which seq of the log a page that has more behind it is complete; feeds that are dense count for themselves. */
  #endOf({ rows, damaged = [] }: Page): number {
    const last = rows.at(-1)?.seq ?? 0;
    return this.view.scope.kind === 'all' ? Math.max(last, damaged.at(-1) ?? 0) : last;
  }

  #send({ rows, damaged = [] }: Pick<Page, 'rows' | 'damaged'>, head: number): void {
    const end = rows.at(-1);
    const { kind } = this.view.scope;
    for (const stretch of stretchesOf(rows)) {
      const last = stretch.at(-1);
      if (!last || last === end) this.#sendStretch(stretch, head, damaged);
      else {
        const lost = damaged.filter((place) => place < seqIn(kind, last));
        this.#sendStretch(stretch, last.seq, lost);
      }
    }
  }

  #sendStretch(rows: readonly Row[], head: number, damaged: readonly number[]): void {
    for (const [key, place] of this.#places) {
      const own = rows.filter((row) => roomsOf(row).includes(key.room));
      const message = frameOf(key, place, own, head, this.#log.readyAt(head), damaged);
      if (!message) continue;
      this.#places.set(key, message.frame.upTo);
      this.send(message);
    }
  }
}
