/** Processes that put a load on hubs, see `load.ts`. */

import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Job, Report } from './load.ts';

/** Time for the last events to arrive. */
const seenMs = 10_000;

/** Checks that no events were dropped, which would make a hub fast. */
export async function allSeen(logs: LoadProcess, events: number): Promise<void> {
  for (const deadline = Date.now() + seenMs; ; ) {
    logs.ask();
    const seen = await logs.next('seen');
    if (seen.events.every((count) => count === events)) return;
    if (Date.now() > deadline) throw new Error(`of ${events} events the logs saw ${seen.events.join(', ')}`);
    await pause(50);
  }
}

/** A load process. */
export class LoadProcess {
  readonly #child: ChildProcess;
  readonly #reports: AsyncIterator<[Report]>;

  constructor(job: Job) {
    this.#child = fork(fileURLToPath(new URL('load.ts', import.meta.url)), [JSON.stringify(job)]);
    this.#reports = on(this.#child, 'message', { close: ['exit'] }) as AsyncIterator<[Report]>;
  }

  async next<K extends Report['kind']>(kind: K): Promise<Extract<Report, { kind: K }>> {
    const { value, done } = await this.#reports.next();
    if (done) throw new Error('a process of the load ended');
    const [report] = value;
    if (report.kind !== kind) throw new Error(`"${report.kind}" came instead of "${kind}"`);
    return report as Extract<Report, { kind: K }>;
  }

  ask(): void {
    this.#child.send('');
  }

  end(): void {
    this.#child.disconnect();
  }
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN;
  return (low + high) / 2;
}
