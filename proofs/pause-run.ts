/** One run of the pause proof: under load, it stops the hub and its clients with SIGSTOP and continues them. */

import { setTimeout as pause } from 'node:timers/promises';
import { type Chance, seeded } from '../testkit/chance.ts';
import { type HubOptions, startHub } from '../testkit/hub-process.ts';
import { type LoadOptions, type Outcome, WholeLoad } from '../testkit/whole-load.ts';

export interface PauseOptions extends LoadOptions {
  /** Pauses begin during this time. */
  readonly lastsMs: number;
  /** Shortest and longest pause of the hub, on a logarithmic scale. */
  readonly hubMs: readonly [min: number, max: number];
  /** Shortest and longest pause of clients. */
  readonly peopleMs: readonly [min: number, max: number];
  /** The claim timeout. */
  readonly claimTimeoutS: number;
  readonly hub?: HubOptions;
}

export interface PauseReport extends Outcome {
  /** Pauses of the hub, and of client processes. */
  readonly pauses: { hub: number; people: number };
  readonly longestMs: number;
  readonly isSameProcess: boolean;
}

interface Stoppable {
  pause(): void;
  resume(): void;
}

/** Time between two pauses of a process. */
const betweenMs = [100, 2_000] as const;

export async function pauseRun(options: PauseOptions): Promise<PauseReport> {
  const { seed, lastsMs, hubMs, peopleMs, claimTimeoutS } = options;
  await using stack = new AsyncDisposableStack();
  const env = { CAPS_CLAIM_TIMEOUT: String(claimTimeoutS) };
  const hub = stack.adopt(await startHub({ tcp: true, env, ...options.hub }), (it) => it.dispose());
  const { pid } = hub;
  const load = stack.use(await WholeLoad.begin(hub, options));
  const until = performance.now() + lastsMs;
  const pauses = { hub: 0, people: 0 };
  let longestMs = 0;
  const stopAgainAndAgain = async (
    who: keyof typeof pauses,
    process: Stoppable,
    between: readonly [number, number],
    chance: Chance,
  ): Promise<void> => {
    for (;;) {
      await pause(chance.int(...betweenMs));
      if (performance.now() >= until) return;
      const ms = spread(between, chance);
      process.pause();
      await pause(ms);
      process.resume();
      pauses[who] += 1;
      longestMs = Math.max(longestMs, ms);
    }
  };
  await Promise.all([
    stopAgainAndAgain('hub', hub, hubMs, seeded(seed + 1)),
    ...load.people.map((one, i) => stopAgainAndAgain('people', one, peopleMs, seeded(seed + 2 + i))),
  ]);
  const isSameProcess = hub.isRunning && hub.pid === pid;
  return { ...(await load.end()), pauses, longestMs, isSameProcess };
}

function spread([min, max]: readonly [number, number], chance: Chance): number {
  return Math.round(min * (max / min) ** (chance.int(0, 1_000) / 1_000));
}
