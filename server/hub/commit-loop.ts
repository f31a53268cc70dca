/**
 * Commands in, answers out. One commit is under way at a time, and takes all that wait.
 *
 *     submit ──▶ backlog ──▶ one transaction (decide, append, sync) ──▶ answers ──▶ publish
 *        │          ▲                     │                                            │
 *        │          │                     └── it failed: each command on its own       │
 *        │          └──────────────── what came meanwhile ◀────────────────────────────┘
 *        └── no room, or stopping: refused
 */

import { CapsError } from '../../protocol/errors.ts';
import { keepsStatus } from '../../protocol/events.ts';
import { limits } from '../../protocol/limits.ts';
import type { Answer, Command } from '../../protocol/messages.ts';
import type { ParcelId } from '../../protocol/orders.ts';
import { type Actor, authorOf, senderOf } from '../../protocol/parcel.ts';
import { unavailableReasons } from '../../protocol/unavailable.ts';
import type { Pins } from '../access/pins.ts';
import type { Clock } from '../clock.ts';
import type { Row } from '../store/row.ts';
import { type CommitLookup, type Store, UnknownOutcomeError } from '../store/store.ts';
import { AnswerCache } from './answer-cache.ts';
import type { Backlog } from './backlog.ts';
import { answerOf } from './command-answer.ts';
import {
  type Door,
  decideBatch,
  type Job,
  lookupOf,
  type Outcome,
  type Repeat,
  saidNothing,
} from './commit.ts';
import type { MetricsPort } from './metrics-port.ts';
import { commitFailed, type WriteHealth } from './write-health.ts';

/**
 * Full commits in a row. Each turn of the event loop reads what all connections have sent; with one commit per turn a
 * thousand of them could bring more in a turn than it takes, and most of it would be refused by a hub that has time.
 */
const inARowMax = 8;

/** Made once: an overloaded hub gives thousands of them a second. */
const busy: Answer = new CapsError('busy').toAnswer();
const stopping: Answer = new CapsError('unavailable', unavailableReasons.stopping).toAnswer();

export interface CommitLoopOptions {
  readonly store: Pick<Store, 'commit'>;
  readonly clock: Clock;
  readonly backlog: Backlog;
  /** Learns which commits succeed and which fail. */
  readonly writeHealth: Pick<WriteHealth, 'wrote' | 'failed'>;
  /** Time of the log's last record, in milliseconds since 1970; 0 while the log is empty. */
  readonly timeMs: number;
  /** Called once per commit, after its answers, with the appended rows; there may be none. */
  readonly publish: (rows: readonly Row[]) => void;
  readonly onFault: (error: unknown, what: string) => void;
  /** Replaces the PIN in a proof before anything else looks at the command. */
  readonly pins: Pick<Pins, 'checked'>;
  readonly metrics?: MetricsPort | undefined;
  /** Called when somebody other than a driver has assigned a parcel to a driver. */
  readonly onAssigned?: ((parcel: ParcelId) => void) | undefined;
}

type RecordedOutcome = Extract<Outcome, { kind: 'recorded' }>;

export class CommitLoop {
  readonly #store: Pick<Store, 'commit'>;
  readonly #clock: Clock;
  readonly #backlog: Backlog;
  readonly #writeHealth: Pick<WriteHealth, 'wrote' | 'failed'>;
  readonly #publish: (rows: readonly Row[]) => void;
  readonly #onFault: (error: unknown, what: string) => void;
  readonly #pins: Pick<Pins, 'checked'>;
  readonly #metrics: MetricsPort | undefined;
  readonly #onAssigned: ((parcel: ParcelId) => void) | undefined;
  readonly #rejections: AnswerCache<CapsError>;
  readonly #repeats: AnswerCache<Repeat>;
  #timeMs: number;
  /** Why the latest commit failed that did. */
  #failure: unknown;
  #isCommitting = false;
  #isClosing = false;
  /** Callbacks that wait for the last commit. */
  #idle: (() => void)[] = [];

  constructor(options: CommitLoopOptions) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#backlog = options.backlog;
    this.#writeHealth = options.writeHealth;
    this.#timeMs = options.timeMs;
    this.#publish = options.publish;
    this.#onFault = options.onFault;
    this.#pins = options.pins;
    this.#metrics = options.metrics;
    this.#onAssigned = options.onAssigned;
    this.#rejections = new AnswerCache(options.clock);
    this.#repeats = new AnswerCache(options.clock);
  }

  /** How far the log's time is ahead of the clock, in milliseconds. */
  get aheadMs(): number {
    return Math.max(0, this.#timeMs - this.#clock.now());
  }

  /** Another hub has appended a record with this time, in milliseconds since 1970. */
  heard(timeMs: number): void {
    this.#timeMs = Math.max(this.#timeMs, timeMs);
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** See `Hub.submit`. */
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
      const by = authorOf(actor);
      const sender = senderOf(actor);
      const room = this.#isClosing ? 0 : this.#backlog.roomFor(sender, cameAt);
      const refusal = commands.length > room ? this.#refusal : undefined;
      let next = 0;
      for (const command of commands) {
        const index = next;
        next += 1;
        const settle = (answer: Answer) => {
          answers[index] = answer;
          missing -= 1;
          if (missing === 0) resolve(answers);
        };
        if (command instanceof CapsError) settle(command.toAnswer());
        else if (refusal && index >= room) settle(refusal);
        else {
          const checked = command.event === 'proof' ? this.#pins.checked(command) : command;
          this.#backlog.push({ actor, by, sender, door, command: checked, settle });
        }
      }
      this.#wake();
    });
  }

  /** Refuses new commands. Resolves when all waiting ones are answered and published. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#isCommitting) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#rejections.close();
    this.#repeats.close();
  }

  get #refusal(): Answer {
    return this.#isClosing ? stopping : busy;
  }

  /** The next commit takes everything that arrives in this turn, or while a commit is under way. */
  #wake(): void {
    if (this.#isCommitting || this.#backlog.count === 0) return;
    this.#isCommitting = true;
    this.#backlog.pace.begins();
    this.#clock.soon(() => void this.#commitInARow());
  }

  async #commitInARow(): Promise<void> {
    await this.#commit();
    for (let more = inARowMax - 1; more > 0 && this.#backlog.count >= limits.batch; more -= 1) {
      this.#backlog.pace.begins();
      await this.#commit();
    }
    this.#isCommitting = false;
    this.#wake();
    if (!this.#isCommitting) for (const idle of this.#idle.splice(0)) idle();
  }

  async #commit(): Promise<void> {
    const jobs = this.#backlog.take();
    const rows = (await this.#record(jobs, this.#backlog)) ?? (await this.#recordSingly(jobs));
    this.#publish(rows);
    this.#backlog.pace.ends();
  }

  /**
   * Commits the jobs in one transaction, then answers them. Undefined, without answers, if the commit failed: nothing
   * is recorded.
   * @param backlog adds to the jobs what comes while the commit waits for others
   */
  async #record(jobs: Job[], backlog?: Backlog): Promise<readonly Row[] | undefined> {
    const commit = this.#metrics?.begin();
    const now = this.#clock.now();
    try {
      const more = (): CommitLookup => {
        const late = backlog?.take(jobs.length) ?? [];
        jobs.push(...late);
        return lookupOf(late);
      };
      const [rejections, repeats] = [this.#rejections, this.#repeats];
      const context = { now, rejections, repeats, onFault: this.#onFault };
      const { rows, result } = await this.#store.commit(
        lookupOf(jobs),
        (found) => decideBatch(jobs, found, context),
        more,
      );
      commit?.done(jobs, result);
      if (rows.length > 0) {
        this.#writeHealth.wrote();
        this.#timeMs = Math.max(this.#timeMs, now);
      }
      let index = 0;
      for (const job of jobs) {
        this.#settle(job, result[index], rows);
        index += 1;
      }
      return rows;
    } catch (error) {
      commit?.failed();
      this.#failure = error;
      this.#onFault(error, commitFailed);
      if (!(error instanceof UnknownOutcomeError)) return undefined;
      // A second attempt could record a second time what has no id.
      this.#writeHealth.failed();
      for (const job of jobs) this.#refuse(job, error);
      return [];
    }
  }

  #settle(job: Job, outcome: Outcome | undefined, rows: readonly Row[]): void {
    if (outcome && isAssignment(job, outcome)) this.#onAssigned?.(job.command.payload);
    if (outcome?.kind === 'refused') {
      this.#refuse(job, outcome.error);
      return;
    }
    if (outcome && saidNothing(job, outcome)) this.#rememberRepeat(job, outcome, rows);
    job.settle(answerOf(outcome, rows, job.actor));
  }

  #rememberRepeat({ sender, command }: Job, outcome: Repeat | RecordedOutcome, rows: readonly Row[]): void {
    const place = outcome.kind === 'known' ? outcome.place : rows[outcome.index];
    const { rev, status, time } = outcome;
    if (place)
      this.#repeats.remember(sender, command, { kind: 'known', place, duplicate: true, rev, status, time });
  }

  /** A final refusal stays final, whatever becomes possible later. */
  #refuse({ sender, command, settle }: Job, error: CapsError): void {
    if (!error.retryable) this.#rejections.remember(sender, command, error);
    settle(error.toAnswer());
  }

  /**
   * After a failed commit, tries each command on its own: one that the store chokes on must not cost the others. Two
   * failures in a row mean a broken disk, and the rest is not tried. Refused and duplicate commands write nothing, so
   * they prove nothing about the disk. Commands that failed before others succeeded are tried once more, because the
   * disk may have recovered in between.
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
    if (!isSound) this.#writeHealth.failed();
    for (const job of failed) {
      const own = isSound ? await this.#record([job]) : undefined;
      if (own) rows.push(...own);
      else this.#refuse(job, isSound && !isAway(this.#failure) ? new CapsError('internal') : cannotRecord());
    }
    return rows;
  }
}

function cannotRecord(): CapsError {
  return new CapsError('unavailable', unavailableReasons['cannot-record']);
}

/** Whether a database could not be reached, which says nothing about the command. */
function isAway(failure: unknown): boolean {
  return failure instanceof CapsError && failure.retryable;
}

/** Whether somebody other than a driver has assigned the parcel or handed it back. */
function isAssignment({ actor, command }: Job, outcome: Outcome): boolean {
  if (actor.role === 'driver' || outcome.kind !== 'recorded' || outcome.duplicate) return false;
  return outcome.status === 'claimed' && !keepsStatus(command.event);
}
