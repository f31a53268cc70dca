/** Whole lives of parcels through our hub, for the scenarios that look at what they leave on the disk. */

import { setTimeout as pause } from 'node:timers/promises';
import type { HubProcess } from '../../testkit/hub-process.ts';
import { Helper } from '../helper.ts';
import { cpuSecondsOf } from '../machine.ts';
import type { LivesJob, LivesOrder, LivesReport } from './lives-load.ts';

export interface Pace {
  readonly eventsPerSecond: number;
  readonly microsPerEvent: number;
  /** Commands per commit. */
  readonly batch: number;
}

export const pairs = 20;
export const openPerPair = 50;
export const logs = 3;
const warmUpMs = 1_500;
const reportMaxMs = 60_000;
const seenMaxMs = 20_000;

class Lives {
  readonly #load: Helper;

  constructor(job: LivesJob) {
    this.#load = new Helper('scenarios/lives-load.ts', [JSON.stringify(job)]);
  }

  next(): Promise<LivesReport> {
    return this.#load.next<LivesReport>(reportMaxMs);
  }

  ask(order: LivesOrder): Promise<LivesReport> {
    this.#load.send(order);
    return this.next();
  }

  begin(): void {
    this.#load.send('begin' satisfies LivesOrder);
  }

  /** Checks that the logs have read what was acked. */
  async allRead(acked: number): Promise<void> {
    for (const deadline = Date.now() + seenMaxMs; ; await pause(50)) {
      const { read } = await this.ask('tell');
      if (read === acked) return;
      if (Date.now() > deadline) throw new Error(`of ${acked} events a log has read ${read}`);
    }
  }

  end(): void {
    this.#load.end();
  }
}

/** Runs so many parcels. @returns the number of events */
export async function liveAll({ url }: HubProcess, parcels: number): Promise<number> {
  const load = new Lives({ url, pairs, logs, batch: openPerPair, parcels });
  try {
    await load.next();
    load.begin();
    const { acked } = await load.next();
    await load.allRead(acked);
    return acked;
  } finally {
    load.end();
  }
}

/** Runs as fast as the hub goes for a while, and measures it after a warm-up. */
export async function liveFor(hub: HubProcess, forMs: number): Promise<Pace> {
  const load = new Lives({ url: hub.url, pairs, logs, batch: openPerPair });
  const sample = async () => {
    const { acked } = await load.ask('tell');
    return { acked, ms: performance.now(), cpu: cpuSecondsOf(hub.pid), ...(await commitsOf(hub)) };
  };
  try {
    await load.next();
    load.begin();
    await pause(warmUpMs);
    const from = await sample();
    await pause(forMs);
    const to = await sample();
    const { acked } = await load.ask('stop');
    await load.allRead(acked);
    const events = to.acked - from.acked;
    return {
      eventsPerSecond: (events * 1_000) / (to.ms - from.ms),
      microsPerEvent: ((to.cpu - from.cpu) * 1e6) / events,
      batch: (to.commands - from.commands) / (to.commits - from.commits),
    };
  } finally {
    load.end();
  }
}

async function commitsOf({ url }: HubProcess): Promise<{ commits: number; commands: number }> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const gauge = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(metrics)?.[1]);
  return { commits: gauge('caps_commit_commands_count'), commands: gauge('caps_commit_commands_sum') };
}
