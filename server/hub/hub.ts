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
import { keepsStatus } from '../../protocol/events.ts';
import type { Answer, Command, Offers } from '../../protocol/messages.ts';
import type { ParcelId } from '../../protocol/orders.ts';
import { type Actor, maySee } from '../../protocol/parcel.ts';
import { createPins } from '../access/pins.ts';
import type { Row } from '../store/row.ts';
import type { SearchIndex } from '../store/search-index.ts';
import type { Store } from '../store/store.ts';
import { Backlog } from './backlog.ts';
import { BlobDesk } from './blob-desk.ts';
import type { Door } from './commit.ts';
import { CommitLoop } from './commit-loop.ts';
import { Cursors, readsWithOwnCursors } from './cursors.ts';
import { type FeedLimits, Feeds, type ReaderCounts, type Sink } from './feed.ts';
import { type JoinLimits, Joins } from './joins.ts';
import { LogTail } from './log-tail.ts';
import type { MetricsPort } from './metrics-port.ts';
import { Outage } from './outage.ts';
import { Profiles } from './profiles.ts';
import { LogReads, type Reads } from './reads.ts';
import { Repeats } from './repeats.ts';
import { type Subscription, Subscriptions } from './subscriptions.ts';
import { Turns } from './turns.ts';
import { type Readiness, WriteHealth, type WriteHealthOptions } from './write-health.ts';

export type { Subscription } from './subscriptions.ts';

export interface HubOptions extends WriteHealthOptions {
  readonly metrics?: MetricsPort;
  /** Index of the store's log. Without one, searches scan the log. */
  readonly index?: SearchIndex | undefined;
  /** Shared with heavy readers outside the hub. */
  readonly turns?: Turns;
  /** Defaults to the usual limits. */
  readonly limits?: HubLimits;
  /** Called when somebody other than a driver has assigned a parcel to a driver. */
  readonly onAssigned?: (parcel: ParcelId) => void;
  /** Called when the log has a new epoch: this hub must end, and another one begin. */
  readonly onReplaced?: ((reason: string) => void) | undefined;
}

export interface HubLimits {
  readonly feeds: FeedLimits;
  readonly joins: JoinLimits;
}

export interface Hub {
  /** The log's epoch; the first half of admins' cursors. */
  readonly epoch: string;
  /** The first half of the actor's cursors. */
  epochOf(actor: Actor): string;
  /** The log's last seq. */
  readonly head: number;
  /** Resolves when the log has grown beyond this seq, whoever appended; also when the hub closes. */
  beyond(seq: number): Promise<void>;
  /** Whether other hubs append to the log, too. */
  readonly isShared: boolean;
  /** How far the log's time is ahead of this machine's clock, in milliseconds; normally 0. */
  readonly aheadMs: number;
  /** False from a failed commit until there is ample room again. */
  readonly writable: boolean;
  /** Whether the hub can record now. Writes a probe if no commit has told lately. Never rejects. */
  ready(): Promise<Readiness>;
  /** Since when the hub cannot record, and who is told. */
  readonly outage: Pick<Outage, 'since' | 'watch'>;
  /** Commands that wait for their commit. */
  readonly waiting: number;
  readonly readers: ReaderCounts;
  /**
   * Records commands. A door puts errors in place of commands that it has already refused, so that the answers keep
   * the order of the commands. Resolves when all accepted commands are on disk; never rejects. A command that would
   * wait for more than a second is refused as `busy`, with all that follow, so that their order holds.
   * @param cameAt when the first was received, on the hub's clock; now by default
   */
  submit(
    actor: Actor,
    door: Door,
    commands: readonly (Command | CapsError)[],
    cameAt?: number,
  ): Promise<Answer[]>;
  /**
   * Sends `welcome`, then a snapshot or everything after the cursor, then everything live.
   * @param after the actor's own `"<epoch>.<seq>"`, or `0`; an unusable one gets `reset` and a fresh start
   */
  subscribe(
    actor: Actor,
    after: string | 0 | undefined,
    sink: Sink,
    onLag: (lagging: boolean) => void,
  ): Subscription;
  /**
   * A page of offers for drivers, the oldest first.
   * @param from the `next` of the page before @throws CapsError not-allowed, bad-cursor
   */
  offers(actor: Actor, from: string | undefined): Promise<Offers>;
  /** Turns for everybody else with a lot to read or to write. */
  readonly turns: Pick<Turns, 'next'>;
  readonly read: Reads;
  readonly profiles: Profiles;
  readonly repeats: Repeats;
  readonly blobs: BlobDesk;
  /**
   * The store has heard how these parcels ended: `read.parcels` can leave them out. Other stores' parcels are
   * ignored.
   */
  acknowledge(actor: Actor, keys: readonly ParcelId[]): Promise<void>;
  /** Refuses new commands, then commits, answers and publishes what waits. Safe to call twice. */
  close(): Promise<void>;
}

export async function createHub(options: HubOptions): Promise<Hub> {
  const { store, clock, onFault } = options;
  const turns = options.turns ?? new Turns(clock);
  const { seq: head, time, count: ready } = await store.readyCount();
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
  readonly #writeHealth: WriteHealth;
  readonly #feeds: Feeds;
  readonly #backlog: Backlog;
  readonly #commits: CommitLoop;
  readonly #tail: LogTail;
  readonly outage: Outage;
  readonly #joins: Joins;
  readonly #subscriptions: Subscriptions;
  readonly turns: Turns;
  readonly read: Reads;
  readonly profiles: Profiles;
  readonly repeats: Repeats;
  readonly blobs: BlobDesk;

  /** @param timeMs time of the log's last record */
  constructor(options: HubOptions & { turns: Turns }, feeds: Feeds, timeMs: number) {
    const { store, clock, onFault, onMended, metrics, index, turns, onAssigned, onReplaced } = options;
    this.turns = turns;
    this.#store = store;
    this.#feeds = feeds;
    const cursors = new Cursors(store);
    this.#cursors = cursors;
    const backlog = new Backlog(clock);
    this.#backlog = backlog;
    const outage = new Outage({ clock, probe: () => this.ready(), onFault });
    this.outage = outage;
    const writeHealth = new WriteHealth(
      options,
      (tookMs) => backlog.pace.learn(0, tookMs),
      (isWritable) => outage.changed(isWritable),
    );
    this.#writeHealth = writeHealth;
    const tail = new LogTail({
      ...{ store, clock, onFault, onMended, head: feeds.head },
      publish(rows) {
        feeds.publish(rows);
        index?.grew(feeds.head);
      },
      skip: (upTo) => feeds.skip(upTo),
      onForeign: (rows) => this.#hear(rows, onAssigned),
    });
    this.#tail = tail;
    feeds.follow(tail);
    this.#commits = new CommitLoop({
      store,
      clock,
      backlog,
      writeHealth,
      timeMs,
      publish: (rows) => tail.committed(rows),
      onFault,
      pins: createPins(store.secret),
      metrics,
      onAssigned,
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
    this.repeats = new Repeats(store, clock);
    this.blobs = new BlobDesk(store);
    store.growth?.watch({
      grown: () => tail.grown(),
      away: () => writeHealth.doubted(),
      replaced: (reason) => onReplaced?.(reason),
    });
  }

  /** Records that another hub may have appended. */
  #hear(rows: readonly Row[], onAssigned: HubOptions['onAssigned']): void {
    const last = rows.at(-1);
    if (last) this.#commits.heard(Date.parse(last.record.time));
    for (const row of rows) {
      // Parses few of them.
      if (!row.text.includes('"status":"claimed"')) continue;
      const { record } = row;
      if (record.by.role !== 'driver' && !keepsStatus(record.event)) onAssigned?.(record.payload);
    }
  }

  get epoch(): string {
    return this.#store.epoch;
  }

  beyond(seq: number): Promise<void> {
    return this.#tail.beyond(seq);
  }

  get isShared(): boolean {
    return this.#store.growth !== undefined;
  }

  get head(): number {
    return this.#feeds.head;
  }

  get aheadMs(): number {
    return this.#commits.aheadMs;
  }

  get writable(): boolean {
    return this.#writeHealth.writable;
  }

  async ready(): Promise<Readiness> {
    return this.#commits.isClosing ? 'stopping' : this.#writeHealth.ready();
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
    this.outage.close();
    await this.#writeHealth.settled();
    this.#tail.close();
    this.#feeds.close();
    this.#subscriptions.close();
  }
}
