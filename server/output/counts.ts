/** What a hub counts between two scrapes of its metrics, and what a scrape asks it. */

import type { ErrorCode } from '../../protocol/errors.ts';
import type { EventName } from '../../protocol/events.ts';
import { type Connection, doorNames } from '../../protocol/messages.ts';
import type { Door } from '../hub/commit.ts';
import type { ReaderCounts } from '../hub/feed.ts';

/** No client uses the hub's own door. */
export const waysIn = doorNames.filter((door) => door !== 'hub');

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
  readonly webhooks: {
    /** Tries, by what came of them. */
    readonly tries: Readonly<Record<string, number>>;
    /** Webhooks that this hub sends to, by how they do. */
    readonly webhooks: Readonly<Record<string, number>>;
  };
}

/** What a hub has counted since it started. */
export interface Counts {
  /** Recorded events. */
  readonly events: Tally<EventName>;
  readonly refusals: Tally<ErrorCode>;
  /** Commands per commit. */
  readonly sizes: Buckets;
  /** Of a commit, in seconds. */
  readonly durations: Buckets;
  failures: number;
}

/** Counts values by the first bound that they do not pass. */
export class Buckets {
  readonly bounds: readonly number[];
  /** One for each bound, and the last for values that pass all. */
  readonly counts: number[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(value: number): void {
    let at = 0;
    while (value > (this.bounds[at] ?? Number.POSITIVE_INFINITY)) at += 1;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
    this.sum += value;
  }
}

/** Counts by kind and door. */
export class Tally<K extends string> {
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
