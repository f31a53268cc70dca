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
import { isRemark } from '../../protocol/events.ts';
import type { Answer, Command, Offers, ParcelKey } from '../../protocol/messages.ts';
import { type Actor, byOf, maySee, senderOf } from '../../protocol/parcel.ts';
import { viewOf } from '../access/access.ts';
import type { Clock } from '../clock.ts';
import type { Row } from '../store/row.ts';
import type { SearchIndex, Store } from '../store/store.ts';
import { Backlog } from './backlog.ts';
import { answerOf } from './command-answer.ts';
import { type Door, decideBatch, type Job, type Outcome, wantedOf } from './commit.ts';
import { Cursors, readsWithOwnCursors } from './cursors.ts';
import { type FeedLimits, Feeds, type ReaderCounts, type Sink } from './feed.ts';
import { type JoinLimits, Joins } from './joins.ts';
import type { Meter } from './meter.ts';
import { Profiles } from './profiles.ts';
import { commitFailed, type Readiness, Trust, type TrustOptions } from './readiness.ts';
import { LogReads, type Reads } from './reads.ts';
import { Refusals } from './refusals.ts';
import type { Subscriber } from './subscriber.ts';
import { Turns } from './turns.ts';

export interface HubOptions extends TrustOptions {
  readonly meter?: Meter;
  /** Of the store's log. Without one, searches look through the log. */
  readonly index?: SearchIndex | undefined;
  /** Of all who read a lot, where others than the hub's own readers do. */
  readonly turns?: Turns;
  /** Where they are to be others than usual. */
  readonly limits?: HubLimits;
  /** Told when somebody other than a driver has put a parcel into a driver's hands. */
  readonly onGiven?: (parcel: ParcelKey) => void;
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
  acknowledge(actor: Actor, keys: readonly ParcelKey[]): Promise<void>;
  /** Refuses new commands, commits and answers what waits, publishes it. Safe to call twice. */
  close(): Promise<void>;
}

export interface Subscription {
  /** Safe to call twice. */
  close(): void;
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
  readonly #clock: Clock;
  readonly #onFault: HubOptions['onFault'];
  readonly #meter: Meter | undefined;
  readonly #index: SearchIndex | undefined;
  readonly #trust: Trust;
  readonly #feeds: Feeds;
  readonly #backlog: Backlog;
  readonly #joins: Joins;
  readonly #onGiven: ((parcel: ParcelKey) => void) | undefined;
  readonly #refusals: Refusals;
  readonly #subscribers = new Set<Subscription>();
  readonly turns: Turns;
  readonly read: Reads;
  readonly profiles: Profiles;
  /** Of the last record. */
  #timeMs: number;
  #committing = false;
  #closing = false;
  #idle: (() => void)[] = [];

  constructor(options: HubOptions & { turns: Turns }, feeds: Feeds, timeMs: number) {
    const { store, clock, onFault, meter, index, turns, onGiven } = options;
    this.#onGiven = onGiven;
    this.turns = turns;
    this.#timeMs = timeMs;
    this.#store = store;
    this.#cursors = new Cursors(store);
    this.#clock = clock;
    this.#onFault = onFault;
    this.#meter = meter;
    this.#index = index;
    this.#backlog = new Backlog(clock);
    this.#trust = new Trust(options, (tookMs) => this.#backlog.pace.learn(0, tookMs));
    this.#refusals = new Refusals(clock);
    this.#feeds = feeds;
    const cursors = this.#cursors;
    this.#joins = new Joins({
      store,
      clock,
      turns,
      cursors,
      ready: () => feeds.ready,
      ...(options.limits ? { limits: options.limits.joins } : {}),
    });
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
    return Math.max(0, this.#timeMs - this.#clock.now());
  }

  get writable(): boolean {
    return this.#trust.writable;
  }

  async ready(): Promise<Readiness> {
    return this.#closing ? 'stopping' : this.#trust.ready();
  }

  get waiting(): number {
    return this.#backlog.count;
  }

  get readers(): ReaderCounts {
    const { live, lagging } = this.#feeds.counts;
    return { live, lagging, 'catching-up': this.#subscribers.size - live - lagging };
  }

  readonly epochOf = (actor: Actor): string => this.#cursors.epochOf(actor);

  // ---- submit ----

  submit(
    actor: Actor,
    door: Door,
    commands: readonly (Command | CapsError)[],
    cameAt?: number,
  ): Promise<Answer[]> {
    return new Promise((resolve) => {
      const answers: Answer[] = [];
      let missing = commands.length;
      if (missing === 0) resolve(answers);
      const by = byOf(actor);
      const sender = senderOf(actor);
      const room = this.#closing ? 0 : this.#backlog.roomFor(sender, cameAt);
      const refusal = commands.length > room ? this.#refusal() : undefined;
      for (const [index, command] of commands.entries()) {
        const settle = (answer: Answer) => {
          answers[index] = answer;
          missing -= 1;
          if (missing === 0) resolve(answers);
        };
        if (command instanceof CapsError) settle(command.toAnswer());
        else if (refusal && index >= room) settle(refusal.toAnswer());
        else this.#backlog.push({ actor, by, sender, door, command, settle });
      }
      this.#wake();
    });
  }

  #refusal(): CapsError {
    if (!this.#closing) return new CapsError('busy');
    return new CapsError('unavailable', 'The hub is stopping; it will be back.');
  }

  /** Everything that comes in during a turn, or while a commit is under way, goes into the next commit. */
  #wake(): void {
    if (this.#committing || this.#backlog.count === 0) return;
    this.#committing = true;
    this.#backlog.pace.begins();
    this.#clock.soon(() => void this.#commit());
  }

  async #commit(): Promise<void> {
    const jobs = this.#backlog.take();
    const rows = (await this.#record(jobs)) ?? (await this.#recordSingly(jobs));
    this.#feeds.publish(rows);
    this.#index?.grew(this.head);
    this.#backlog.pace.ends();
    this.#committing = false;
    this.#wake();
    if (!this.#committing) for (const idle of this.#idle.splice(0)) idle();
  }

  /** One transaction for all of them, then their answers. Undefined, and no answers, where it failed. */
  async #record(jobs: readonly Job[]): Promise<readonly Row[] | undefined> {
    const commit = this.#meter?.begin();
    const now = this.#clock.now();
    try {
      const { rows, result } = await this.#store.commit(wantedOf(jobs), (found) =>
        decideBatch(jobs, found, {
          now,
          refusals: this.#refusals,
          onFault: this.#onFault,
        }),
      );
      commit?.done(jobs, result);
      if (rows.length > 0) {
        this.#trust.wrote();
        this.#timeMs = Math.max(this.#timeMs, now);
      }
      for (const [index, job] of jobs.entries()) this.#settle(job, result[index], rows);
      return rows;
    } catch (error) {
      commit?.failed();
      this.#onFault(error, commitFailed);
      return undefined;
    }
  }

  #settle(job: Job, outcome: Outcome | undefined, rows: readonly Row[]): void {
    if (outcome && isGiving(job, outcome)) this.#onGiven?.(job.command.payload);
    if (outcome?.kind === 'refused') this.#refuse(job, outcome.error);
    else job.settle(answerOf(outcome, rows, job.actor));
  }

  /** What is refused for good stays refused, whatever becomes possible later. */
  #refuse({ sender, command, settle }: Job, error: CapsError): void {
    this.#refusals.remember(sender, command, error);
    settle(error.toAnswer());
  }

  /**
   * After a failed commit: one command that the store chokes on must not cost the others. Two that fail in a row
   * are the machine's fault, and the rest is not tried. What is refused or known already writes nothing, and so
   * says nothing about the disk. What failed before others succeeded is tried once more, for the disk may have come
   * back in between.
   */
  async #recordSingly(jobs: readonly Job[]): Promise<readonly Row[]> {
    const rows: Row[] = [];
    const failed: Job[] = [];
    let inARow = jobs.length > 1 ? 0 : 2;
    for (const job of jobs) {
      const own = inARow < 2 ? await this.#record([job]) : undefined;
      if (!own) failed.push(job);
      else rows.push(...own);
      if (!own) inARow += 1;
      else if (own.length > 0) inARow = 0;
    }
    const isSound = rows.length > 0 && inARow < 2;
    if (!isSound) this.#trust.failed();
    for (const job of failed) {
      const own = isSound ? await this.#record([job]) : undefined;
      if (own) rows.push(...own);
      else this.#refuse(job, new CapsError(isSound ? 'internal' : 'unavailable'));
    }
    return rows;
  }

  // ---- subscribe ----

  subscribe(
    actor: Actor,
    after: string | 0 | undefined,
    sink: Sink,
    onLag: (lagging: boolean) => void,
  ): Subscription {
    let closed = false;
    let subscriber: Subscriber | undefined;
    const subscription: Subscription = {
      close: () => {
        closed = true;
        subscriber?.close();
        this.#subscribers.delete(subscription);
      },
    };
    this.#subscribers.add(subscription);
    this.#joins
      .start(actor, after, sink, () => closed)
      .then(
        (place) => {
          if (!closed) subscriber = this.#feeds.subscribe(viewOf(actor), place, sink, onLag);
        },
        (error: unknown) => {
          // Nobody misses what a reader who has gone was to be sent, as where the hub and its store have been closed.
          if (closed) return;
          this.#onFault(error, 'a subscription could not start');
          sink.fail();
        },
      );
    return subscription;
  }

  offers(actor: Actor, from: string | undefined): Promise<Offers> {
    return this.#joins.offers(actor, from);
  }

  async acknowledge(actor: Actor, keys: readonly ParcelKey[]): Promise<void> {
    if (actor.role !== 'vendor') throw new CapsError('not-allowed');
    await this.#store.acknowledge(keys.filter((key) => maySee(key, actor)));
  }

  // ---- the end ----

  async close(): Promise<void> {
    this.#closing = true;
    if (this.#committing) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.#trust.settled();
    this.#feeds.close();
    this.#refusals.close();
    for (const subscriber of [...this.#subscribers]) subscriber.close();
  }
}

/** What is claimed by what somebody else than a driver did was given to one, or given back. */
function isGiving({ actor, command }: Job, outcome: Outcome): boolean {
  if (actor.role === 'driver' || outcome.kind !== 'recorded' || outcome.duplicate) return false;
  return outcome.status === 'claimed' && !isRemark(command.event);
}
