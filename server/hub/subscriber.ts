import { seqIn, type View } from '../access/access.ts';
import { type FeedId, roomsOf } from '../access/rooms.ts';
import type { Row } from '../store/row.ts';
import type { Page, Scope } from '../store/store.ts';
import { chunksOf, frameOf } from './frames.ts';
import type { Message } from './message.ts';
import type { Member } from './room.ts';

/** What a subscriber reads from, and where it goes live. */
export interface Log {
  /** The last seq. */
  readonly head: number;
  /** Parcels on offer at this seq, if known. */
  readyAt(seq: number): number | undefined;
  /** Reads the next page in a turn of its own. */
  read(scope: Scope, after: number): Promise<Page>;
  /** The rows after this seq, if memory still has them all. */
  since(seq: number): readonly Row[] | undefined;
  enter(subscriber: Subscriber, places: ReadonlyMap<FeedId, number>): void;
  leave(subscriber: Subscriber): void;
  /** Leaves the live readers until it has caught up. @returns the place of each feed */
  fallBehind(subscriber: Subscriber): Map<FeedId, number>;
}

/** Writes messages to one connection. Every door has its own. */
export interface Sink {
  /** Sends a message. Many sinks get the same object, so that a door can memoize its encoding. */
  send(message: Message): void;
  /** Messages that the network has not taken yet. */
  readonly queued: number;
  /** Their size, in characters. */
  readonly queuedSize: number;
  /** Resolves when nothing is queued or the connection has ended. */
  drained(): Promise<void>;
  /** Ends the connection: the hub can no longer serve it. The client should connect again. */
  fail(): void;
}

/** One reader of one scope: pages from the log until it has caught up, then live. */
export class Subscriber implements Member {
  readonly view: View;
  readonly sink: Sink;
  readonly #log: Log;
  readonly #onLag: (lagging: boolean) => void;
  /** The place of each of its feeds. */
  #places: Map<FeedId, number>;
  #closed = false;

  constructor(log: Log, view: View, after: number, sink: Sink, onLag: (lagging: boolean) => void) {
    this.#log = log;
    this.view = view;
    this.sink = sink;
    this.#onLag = onLag;
    this.#places = new Map(view.feeds.map((key) => [key, after]));
  }

  /** Reads pages until it can go live. */
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
        // Nothing may be awaited from here to `enter`. The page may be ahead of what is published.
        this.#send({ ...page, rows: [...page.rows, ...rest] }, Math.max(page.head, this.#log.head));
        if (this.#closed) return;
        this.#log.enter(this, this.#places);
        this.#onLag(false);
        return;
      }
    } catch {
      // The log could not be read. The client knows its place and connects again.
      if (!this.#closed) this.sink.fail();
    }
  }

  /** The sink may have closed this subscriber while it was sending. */
  send(message: Message): void {
    if (!this.#closed) this.sink.send(message);
  }

  /** It does not keep up: from now on it gets pages, each when it has taken the one before. */
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

  /** The seq of the log up to which a page with more behind it is complete. Dense feeds use their own seqs. */
  #endOf({ rows, damaged = [] }: Page): number {
    const last = rows.at(-1)?.seq ?? 0;
    return this.view.scope.kind === 'all' ? Math.max(last, damaged.at(-1) ?? 0) : last;
  }

  #send({ rows, damaged = [] }: Pick<Page, 'rows' | 'damaged'>, head: number): void {
    const end = rows.at(-1);
    const { kind } = this.view.scope;
    for (const chunk of chunksOf(rows)) {
      const last = chunk.at(-1);
      if (!last || last === end) this.#sendChunk(chunk, head, damaged);
      else {
        const lost = damaged.filter((place) => place < seqIn(kind, last));
        this.#sendChunk(chunk, last.seq, lost);
      }
    }
  }

  #sendChunk(rows: readonly Row[], head: number, damaged: readonly number[]): void {
    for (const [key, place] of this.#places) {
      const own = rows.filter((row) => roomsOf(row).includes(key.room));
      const message = frameOf(key, place, own, head, this.#log.readyAt(head), damaged);
      if (!message) continue;
      this.#places.set(key, message.frame.upTo);
      this.send(message);
    }
  }
}
