/**
 * The hub: append first, get a number, then every reader is a cursor.
 *
 *     submit ─▶ queue ─▶ one transaction for all that wait (decide, append, sync) ─▶ answers ─▶ feeds
 *     subscribe ─▶ what is open now, or everything since a cursor ─▶ live
 *     read ─▶ pages of the log, lists of parcels, one parcel's life
 *
 * It knows no sockets and no SQL. Clock and store are arguments.
 */

import { CapsError } from '../../protocol/errors.ts';
import type { Answer, Command, Offers, ParcelId } from '../../protocol/messages.ts';
import { type Actor, maySee } from '../../protocol/parcel.ts';
import type { Row } from '../store/row.ts';
import type { SearchIndex, Store } from '../store/store.ts';
import { Backlog } from './backlog.ts';
import type { Door } from './commit.ts';
import { CommitLoop } from './commit-loop.ts';
import { Cursors, readsWithOwnCursors } from './cursors.ts';
import { type FeedLimits, Feeds, type ReaderCounts, type Sink } from './feed.ts';
import { type JoinLimits, Joins } from './joins.ts';
import type { Meter } from './metrics-port.ts';
import { Profiles } from './profiles.ts';
import { LogReads, type Reads } from './reads.ts';
import { type Subscription, Subscriptions } from './subscriptions.ts';
import { Turns } from './turns.ts';
import { type Readiness, Trust, type TrustOptions } from './write-health.ts';

export type { Subscription } from './subscriptions.ts';

export interface HubOptions extends TrustOptions {
  readonly meter?: Meter;
  /** Of the store's log. Without one, searches look through the log. */
  readonly index?: SearchIndex | undefined;
  /** Of all who read a lot, where others than the hub's own readers do. */
  readonly turns?: Turns;
  /** Where they are to be others than usual. */
  readonly limits?: HubLimits;
  /** Told when somebody other than a driver has put a parcel into a driver's hands. */
  readonly onGiven?: (parcel: ParcelId) => void;
}

export interface HubLimits {
  readonly feeds: FeedLimits;
  readonly joins: JoinLimits;
}

export interface Hub {
  /** Of the log; the first half of admins' cursors. */
  readonly epoch: string;
  /** The first half of the actor's cursors. */
  epochOf(actor: Actor): string;
  /** The log's last seq. */
  readonly head: number;
  /** How far the log's time is ahead of this machine's clock, in milliseconds; 0 as it should be. */
  readonly aheadMs: number;
  /** False from a commit that failed until there is room again, and not only for what happens to fit. */
  readonly writable: boolean;
  /** Whether the hub can record anything now. Where its commits do not say, it tries; never rejects. */
  ready(): Promise<Readiness>;
  /** Commands that wait for their commit. */
  readonly waiting: number;
  readonly readers: ReaderCounts;
  /**
   * Asks that commands be recorded. What a door has already refused stands among them as its error, so that the
   * answers come in the order of the commands. Resolves when all that is recorded is on disk; never rejects. What
   * would be answered later than in a second is refused as `busy`, with all that follow, so that their order
   * holds.
   * @param cameAt when the first of them was received, if that is not now; as the clock says it
   */
  submit(
    actor: Actor,
    door: Door,
    commands: readonly (Command | CapsError)[],
    cameAt?: number,
  ): Promise<Answer[]>;
  /**
   * Sends `welcome`, then what is open now, or all that followed `after`, then everything live.
   * @param after the actor's own `"<epoch>.<seq>"`, or `0`; one that cannot be honoured is answered by `reset` and a fresh start
   */
  subscribe(
    actor: Actor,
    after: string | 0 | undefined,
    sink: Sink,
    onLag: (lagging: boolean) => void,
  ): Subscription;
  /**
   * A page of what is on offer, the oldest first, for drivers.
   * @param from the `next` of the page before @throws CapsError not-allowed, bad-cursor
   */
  offers(actor: Actor, from: string | undefined): Promise<Offers>;
  /** For whoever else has a lot to read or to write. */
  readonly turns: Pick<Turns, 'next'>;
  readonly read: Reads;
  readonly profiles: Profiles;
  /** The store has heard how these parcels ended: `read.parcels` can leave them out. Others' parcels are passed over. */
  acknowledge(actor: Actor, keys: readonly ParcelId[]): Promise<void>;
  /** Refuses new commands, commits and answers what waits, publishes it. Safe to call twice. */
  close(): Promise<void>;
}

export async function createHub(options: HubOptions): Promise<Hub> {
  const { store, clock, onFault } = options;
  const turns = options.turns ?? new Turns(clock);
  const { seq: head, time } = await store.head();
  const ready = await store.readyCount();
  options.index?.grew(head);
  const feeds = new Feeds({
    ...{ store, clock, head, ready, onFault, turns },
    ...(options.limits ? { limits: options.limits.feeds } : {}),
  });
  return new LogHub({ ...options, turns }, feeds, time === '' ? 0 : Date.parse(time));
}

class LogHub implements Hub {
  readonly #store: Store;
  readonly #cursors: Cursors;
  readonly #trust: Trust;
  readonly #feeds: Feeds;
  readonly #backlog: Backlog;
  readonly #commits: CommitLoop;
  readonly #joins: Joins;
  readonly #subscriptions: Subscriptions;
  readonly turns: Turns;
  readonly read: Reads;
  readonly profiles: Profiles;

  /** @param timeMs of the log's last record */
  constructor(options: HubOptions & { turns: Turns }, feeds: Feeds, timeMs: number) {
    const { store, clock, onFault, meter, index, turns, onGiven } = options;
    this.turns = turns;
    this.#store = store;
    this.#feeds = feeds;
    const cursors = new Cursors(store);
    this.#cursors = cursors;
    const backlog = new Backlog(clock);
    this.#backlog = backlog;
    const trust = new Trust(options, (tookMs) => backlog.pace.learn(0, tookMs));
    this.#trust = trust;
    const publish = (rows: readonly Row[]) => {
      feeds.publish(rows);
      index?.grew(feeds.head);
    };
    this.#commits = new CommitLoop({
      store,
      clock,
      backlog,
      trust,
      timeMs,
      publish,
      onFault,
      meter,
      onGiven,
    });
    this.#joins = new Joins({
      store,
      clock,
      turns,
      cursors,
      ready: () => feeds.ready,
      ...(options.limits ? { limits: options.limits.joins } : {}),
    });
    this.#subscriptions = new Subscriptions({ joins: this.#joins, feeds, onFault });
    this.read = readsWithOwnCursors(new LogReads(store, turns, clock, index), cursors);
    this.profiles = new Profiles(store.profiles);
  }

  get epoch(): string {
    return this.#store.epoch;
  }

  get head(): number {
    return this.#feeds.head;
  }

  get aheadMs(): number {
    return this.#commits.aheadMs;
  }

  get writable(): boolean {
    return this.#trust.writable;
  }

  async ready(): Promise<Readiness> {
    return this.#commits.isClosing ? 'stopping' : this.#trust.ready();
  }

  get waiting(): number {
    return this.#backlog.count;
  }

  get readers(): ReaderCounts {
    return this.#subscriptions.counts;
  }

  readonly epochOf = (actor: Actor): string => this.#cursors.epochOf(actor);

  submit(
    actor: Actor,
    door: Door,
    commands: readonly (Command | CapsError)[],
    cameAt?: number,
  ): Promise<Answer[]> {
    return this.#commits.submit(actor, door, commands, cameAt);
  }

  subscribe(
    actor: Actor,
    after: string | 0 | undefined,
    sink: Sink,
    onLag: (lagging: boolean) => void,
  ): Subscription {
    return this.#subscriptions.start(actor, after, sink, onLag);
  }

  offers(actor: Actor, from: string | undefined): Promise<Offers> {
    return this.#joins.offers(actor, from);
  }

  async acknowledge(actor: Actor, keys: readonly ParcelId[]): Promise<void> {
    if (actor.role !== 'vendor') throw new CapsError('not-allowed');
    await this.#store.acknowledge(keys.filter((key) => maySee(key, actor)));
  }

  async close(): Promise<void> {
    await this.#commits.close();
    await this.#trust.settled();
    this.#feeds.close();
    this.#subscriptions.close();
  }
}
