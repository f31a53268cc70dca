/** Load on all doors, by people in their own processes, and the verdict on a run under it. */

import { setTimeout as pause } from 'node:timers/promises';
import type { CapsRecord } from '../protocol/messages.ts';
import { orAfter, readDisk, untilEveryoneHasHeard } from './ending.ts';
import { check, type History } from './history.ts';
import type { HubProcess } from './hub-process.ts';
import { bringPeople, type People, type PeopleDoor, peopleDoors } from './people.ts';
import { Recorder } from './recorder.ts';
import { timeOrigin } from './time-origin.ts';
import type { Verdict } from './verdict.ts';

export interface LoadOptions {
  readonly seed: number;
  /** Orders in progress per shop. */
  readonly windowMax: number;
  /** Time limit for plans to finish and for records to reach everyone. */
  readonly settleMs: number;
  /** Doors with people; all by default. */
  readonly doors?: readonly PeopleDoor[];
}

export interface Outcome {
  readonly verdict: Verdict;
  readonly log: readonly CapsRecord[];
  /** Number of accepted commands. */
  readonly acked: number;
  /** Parcels that the claim timeout released. */
  readonly released: readonly CapsRecord[];
  /** Readers whose connection had ended and who reconnected. */
  readonly returned: readonly string[];
}

/** Everyone connected: people in other processes, and clients of this one. */
export class WholeLoad implements AsyncDisposable {
  readonly people: readonly People[];
  readonly recorder = new Recorder();
  readonly #hub: HubProcess;
  readonly #settleMs: number;

  static async begin(hub: HubProcess, options: LoadOptions): Promise<WholeLoad> {
    const { seed, windowMax, settleMs, doors = peopleDoors } = options;
    const people: People[] = [];
    const load = new WholeLoad(hub, people, settleMs);
    try {
      for (const [i, door] of doors.entries()) {
        people.push(await bringPeople(hub, { door, seed: seed + 1_000 * i, windowMax }));
      }
      return load;
    } catch (error) {
      await load[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(hub: HubProcess, people: readonly People[], settleMs: number) {
    this.#hub = hub;
    this.people = people;
    this.#settleMs = settleMs;
  }

  /** Finishes all plans, waits until everyone has heard everything, stops the hub and checks. */
  async end(): Promise<Outcome> {
    const settleMs = this.#settleMs;
    await orAfter(settleMs, Promise.all(this.people.map((one) => one.close())));
    await orAfter(settleMs, Promise.all(this.people.map((one) => one.repeat())));
    await untilEveryoneHasHeard(this.recorder, this.#hub.url, settleMs);
    await this.#untilPeopleHaveHeard(performance.now() + settleMs);
    const history = await this.#history([]);
    await this.#hub.stop();
    const { log, rows } = await readDisk(this.#hub.data);
    return {
      verdict: check({ ...history, log, rows }),
      log,
      acked: history.commands.filter(({ outcome }) => outcome.kind === 'ok').length,
      released: log.filter(({ event, by }) => event === 'released' && by.role === 'hub'),
      returned: history.watchers
        .filter(({ seen }) => seen.some(({ connection }) => connection > 1))
        .map(({ client }) => client),
    };
  }

  async #untilPeopleHaveHeard(deadline: number): Promise<void> {
    const log: CapsRecord[] = [];
    const auditor = this.recorder.connect('last-auditor', {
      url: this.#hub.url,
      identity: { role: 'admin' },
      after: '0',
    });
    auditor.client.on('events', ({ records }) => log.push(...records));
    // Polling takes time from those who have to catch up.
    do await pause(1_000);
    while (check(await this.#history(log)).lost.count > 0 && performance.now() < deadline);
  }

  async #history(log: readonly CapsRecord[]): Promise<History> {
    const beganAt = timeOrigin();
    const { commands, watchers } = this.recorder.history([]);
    const own = commands.map((one) => ({ ...one, start: one.start + beganAt, end: one.end + beganAt }));
    const parts = await Promise.all(this.people.map((one) => one.seen()));
    return {
      commands: [...own, ...parts.flatMap((part) => part.commands)],
      watchers: [...watchers, ...parts.flatMap((part) => part.watchers)],
      log,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.recorder.closeAll();
    await Promise.all(this.people.map((one) => one.dispose()));
  }
}
