/** A door's reader without a network, with every client's checks. */

import { assert } from '../../protocol/errors.ts';
import type {
  CapsRecord,
  Events,
  FeedName,
  Parcels,
  ServerToClient,
  Welcome,
} from '../../protocol/messages.ts';
import type { Sink } from '../../server/hub/feed.ts';
import type { Message } from '../../server/hub/message.ts';

/**
 * Reads by the protocol's rule: drops what it already has, and reports a gap where a frame does not join on to the
 * last.
 */
export class SimulatedReader implements Sink {
  /** Messages as objects: others may have been sent the same. */
  readonly messages: Message[] = [];
  /** Messages in order. */
  readonly taken: { message: keyof ServerToClient; body: unknown }[] = [];
  welcome: Welcome | undefined;
  readonly parcels: Parcels[] = [];
  readonly frames: Events[] = [];
  /** Each feed's records, each once. */
  readonly records: Partial<Record<FeedName, CapsRecord[]>> = {};
  readonly gone: NonNullable<Events['gone']> = [];
  readonly lags: boolean[] = [];
  holes = 0;
  failed = false;
  queuedMost = 0;
  readonly #places: Map<FeedName, number>;
  readonly #queue: [keyof ServerToClient, string][] = [];
  #waiting: (() => void)[] = [];
  #isStuck = false;

  /** @param after its place in all of its feeds, or in each */
  constructor(feeds: readonly FeedName[], after?: number | ReadonlyMap<FeedName, number>) {
    this.#places = new Map(typeof after === 'number' ? feeds.map((feed) => [feed, after]) : after);
    for (const feed of feeds) this.records[feed] = [];
  }

  /** A feed's seqs. */
  seqs(feed: FeedName): number[] {
    return (this.records[feed] ?? []).map(({ seq }) => seq);
  }

  get places(): ReadonlyMap<FeedName, number> {
    return this.#places;
  }

  /** The lower of its places, from which a client resumes. */
  get place(): number {
    return Math.min(...this.#places.values());
  }

  readonly onLag = (lagging: boolean): void => {
    this.lags.push(lagging);
  };

  /** Stops reading; or reads everything queued and goes on. */
  set stuck(stuck: boolean) {
    this.#isStuck = stuck;
    if (stuck) return;
    for (const [message, json] of this.#queue.splice(0)) this.#take(message, json);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  send(message: Message): void {
    const { name, json } = message;
    this.messages.push(message);
    if (!this.#isStuck) {
      this.#take(name, json);
      return;
    }
    this.#queue.push([name, json]);
    this.queuedMost = Math.max(this.queuedMost, this.#queue.length);
  }

  get queued(): number {
    return this.#queue.length;
  }

  get queuedSize(): number {
    return this.#queue.reduce((size, [, json]) => size + json.length, 0);
  }

  drained(): Promise<void> {
    if (this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  fail(): void {
    this.failed = true;
  }

  #take(message: keyof ServerToClient, json: string): void {
    const body: unknown = JSON.parse(json);
    this.taken.push({ message, body });
    if (message === 'welcome') this.#welcomed(body as Welcome);
    if (message === 'parcels') this.#parcelsCame(body as Parcels);
    if (message === 'events') this.#eventsCame(body as Events);
  }

  #welcomed(welcome: Welcome): void {
    this.welcome = welcome;
    if (welcome.reset) this.#places.clear();
    // An admin starts afresh at the head; others start with their snapshot.
    if (this.records.log && this.#places.size === 0) this.#places.set('log', welcome.head);
  }

  #parcelsCame(parcels: Parcels): void {
    this.parcels.push(parcels);
    if (parcels.more) return;
    for (const feed of Object.keys(this.records)) this.#places.set(feed as FeedName, parcels.upTo);
  }

  #eventsCame(events: Events): void {
    const { feed, prev, upTo } = events;
    this.frames.push(events);
    const place = this.#places.get(feed);
    const records = this.records[feed];
    assert(records, `a reader of "${feed}"`);
    if (place === undefined || prev > place) {
      this.holes += 1;
      return;
    }
    if (upTo <= place) return;
    records.push(...events.records.filter(({ seq }) => seq > place));
    this.gone.push(...(events.gone ?? []));
    this.#places.set(feed, upTo);
  }
}
