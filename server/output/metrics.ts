/**
 * The hub's metrics in the Prometheus text format. They contain no names of stores, drivers or orders: the operator
 * need not know whose parcels the hub carries.
 *
 * What happens increments plain numbers, which a scrape copies (`scrape.ts`). What writes it is loaded by the first scrape:
 * most starts of a hub see none.
 */

import { type ErrorCode, errorCodes } from '../../protocol/errors.ts';
import { eventNames } from '../../protocol/events.ts';
import { doorNames } from '../../protocol/messages.ts';
import type { Door, Job, Outcome } from '../hub/commit.ts';
import type { CommitTimer, MetricsPort } from '../hub/metrics-port.ts';
import { Buckets, type Counts, type HubState, Tally, waysIn } from './counts.ts';

/** Up to the largest batch. */
const commandBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256];
/** In seconds: from a disk that only says that it has synced to one that is about to fail. */
const durationBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** Type of the text. */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

export interface Metrics extends MetricsPort {
  /** All metrics as of now. */
  text(state: HubState): Promise<string>;
}

/** @param version of the hub */
export function createMetrics(version: string): Metrics {
  return new HubMetrics(version);
}

class HubMetrics implements Metrics {
  readonly #version: string;
  readonly #counts: Counts = {
    events: new Tally(eventNames, doorNames),
    refusals: new Tally(errorCodes, waysIn),
    sizes: new Buckets(commandBuckets),
    durations: new Buckets(durationBuckets),
    failures: 0,
  };
  #scrape: Promise<(state: HubState) => Promise<string>> | undefined;

  constructor(version: string) {
    this.#version = version;
  }

  begin(): CommitTimer {
    const start = performance.now();
    return {
      done: (jobs, outcomes) => {
        this.#counts.durations.observe((performance.now() - start) / 1_000);
        this.#counts.sizes.observe(jobs.length);
        this.#count(jobs, outcomes);
      },
      failed: () => {
        this.#counts.failures += 1;
      },
    };
  }

  /** Duplicates record nothing. */
  #count(jobs: readonly Job[], outcomes: readonly Outcome[]): void {
    let index = 0;
    for (const { command, door } of jobs) {
      const outcome = outcomes[index];
      index += 1;
      if (outcome?.kind === 'recorded' && !outcome.duplicate) this.#counts.events.add(command.event, door);
    }
  }

  refused(code: ErrorCode, door: Door): void {
    this.#counts.refusals.add(code, door);
  }

  async text(state: HubState): Promise<string> {
    this.#scrape ??= import('./scrape.ts').then(({ createScrape }) =>
      createScrape(this.#version, this.#counts),
    );
    return (await this.#scrape)(state);
  }
}
