/**
 * The hub's metrics in the Prometheus text format. They contain no names of stores, drivers or orders: the operator
 * need not know whose parcels the hub carries.
 *
 * Every hub has its own registry. Frequent events increment plain numbers, which a scrape copies.
 */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts';
import { type EventName, eventNames } from '../../protocol/events.ts';
import { type Connection, connectionSchema, doorNames } from '../../protocol/messages.ts';
import type { Door, Job, Outcome } from '../hub/commit.ts';
import type { ReaderCounts } from '../hub/feed.ts';
import type { CommitTimer, MetricsPort } from '../hub/metrics-port.ts';

/** Up to the largest batch. */
const commandBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256];
/** In seconds: from a disk that only says that it has synced to one that is about to fail. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const roles = connectionSchema.shape.role.options;
/** No client uses the hub's own door. */
const waysIn = doorNames.filter((door) => door !== 'hub');

export interface Metrics extends MetricsPort {
  readonly contentType: string;
  /** All metrics as of now. */
  text(state: HubState): Promise<string>;
}

/** Sampled by a scrape. */
export interface HubState {
  /** The log's last seq. */
  readonly head: number;
  readonly writable: boolean;
  /** Commands that wait for their commit. */
  readonly waiting: number;
  readonly readers: ReaderCounts;
  readonly connections: readonly Pick<Connection, 'door' | 'role'>[];
  /** Bytes held by answers under way. */
  readonly answers: number;
}

/** @param version of the hub */
export function createMetrics(version: string): Metrics {
  return new HubMetrics(version);
}

class HubMetrics implements Metrics {
  readonly #registry = new Registry();
  readonly #events = new Tally<EventName>(eventNames, doorNames);
  readonly #refusals = new Tally<ErrorCode>(errorCodes, waysIn);
  readonly #sizes: Histogram;
  readonly #durations: Histogram;
  readonly #failures: Counter;
  readonly #show: (state: HubState) => void;
  #watchesProcess = false;

  constructor(version: string) {
    const registers = [this.#registry];
    counter(registers, 'caps_events_total', 'Events recorded since the hub started.', 'event', this.#events);
    counter(registers, 'caps_refusals_total', 'Refusals that clients were told.', 'code', this.#refusals);
    this.#sizes = new Histogram({
      ...{ name: 'caps_commit_commands', help: 'Commands decided in one commit.', registers },
      buckets: commandBuckets,
    });
    this.#durations = new Histogram({
      ...{ name: 'caps_commit_duration_seconds', help: 'A commit, its sync to disk included.', registers },
      buckets: durationBuckets,
    });
    this.#failures = new Counter({
      ...{ name: 'caps_commit_failures_total', help: 'Commits that the store refused.', registers },
    });
    const labelNames = ['version'];
    new Gauge({
      name: 'caps_build_info',
      help: 'Always 1; the label says which.',
      labelNames,
      registers,
    }).set({ version }, 1);
    this.#show = gauges(registers);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  begin(): CommitTimer {
    const start = performance.now();
    return {
      done: (jobs, outcomes) => {
        this.#durations.observe((performance.now() - start) / 1_000);
        this.#sizes.observe(jobs.length);
        this.#count(jobs, outcomes);
      },
      failed: () => this.#failures.inc(),
    };
  }

  /** Duplicates record nothing. */
  #count(jobs: readonly Job[], outcomes: readonly Outcome[]): void {
    for (const [index, { command, door }] of jobs.entries()) {
      const outcome = outcomes[index];
      if (outcome?.kind === 'recorded' && !outcome.duplicate) this.#events.add(command.event, door);
    }
  }

  refused(code: ErrorCode, door: Door): void {
    this.#refusals.add(code, door);
  }

  text(state: HubState): Promise<string> {
    // Its observers can never be stopped, so a hub without scrapes does not start them.
    if (!this.#watchesProcess) collectDefaultMetrics({ register: this.#registry });
    this.#watchesProcess = true;
    this.#show(state);
    return this.#registry.metrics();
  }
}

/** Counts by kind and door. */
class Tally<K extends string> {
  /** All series exist from the first scrape on: a rate needs the zero before the first count. */
  readonly #counts: ReadonlyMap<Door, Map<K, number>>;

  constructor(kinds: readonly K[], doors: readonly Door[]) {
    this.#counts = new Map(doors.map((door) => [door, new Map(kinds.map((kind) => [kind, 0]))]));
  }

  add(kind: K, door: Door): void {
    const counts = this.#counts.get(door);
    counts?.set(kind, (counts.get(kind) ?? 0) + 1);
  }

  each(show: (kind: K, door: Door, count: number) => void): void {
    for (const [door, counts] of this.#counts) for (const [kind, count] of counts) show(kind, door, count);
  }
}

function counter<K extends string>(
  registers: Registry[],
  name: string,
  help: string,
  label: string,
  tally: Tally<K>,
): void {
  new Counter({
    ...{ name, help, labelNames: [label, 'door'], registers },
    collect() {
      this.reset();
      tally.each((kind, door, count) => this.inc({ [label]: kind, door }, count));
    },
  });
}

function gauges(registers: Registry[]): (state: HubState) => void {
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers });
  const head = gauge('caps_log_head_seq', 'The seq of the last record.');
  const writable = gauge('caps_log_writable', 'Whether the last try to write the log succeeded.');
  const queue = gauge('caps_queue_commands', 'Commands that wait for their commit.');
  const feeds = gauge('caps_feeds', 'Readers by state; one that lags is read to from the log.', 'state');
  const connections = gauge('caps_connections', 'Connections.', 'door', 'role');
  const answers = gauge('caps_answers_bytes', 'What answers under way may hold for their readers.');
  return (state) => {
    answers.set(state.answers);
    head.set(state.head);
    writable.set(state.writable ? 1 : 0);
    queue.set(state.waiting);
    for (const [name, count] of Object.entries(state.readers)) feeds.set({ state: name }, count);
    for (const door of waysIn) for (const role of roles) connections.set({ door, role }, 0);
    for (const { door, role } of state.connections) connections.inc({ door, role });
  };
}
