/**
 * One run of a simulated world: the real hub, its store and the SDK in one process, on a failing network and disk, with
 * simulated time. At the end the history checker compares what everyone sent, was answered and received.
 */

import { rmSync } from 'node:fs';
import type { Identity } from '../client/client.ts';
import type { Dial } from '../client/socketio-wire.ts';
import { type Chance, seeded } from '../testkit/chance.ts';
import { openShop, putOnDuty, ReturningReader, type Shop } from '../testkit/crew.ts';
import { readDisk } from '../testkit/ending.ts';
import { check } from '../testkit/history.ts';
import { Recorder } from '../testkit/recorder.ts';
import { memoryFolder } from '../testkit/simulation/disk.ts';
import { copyOf, type LongLog, longLengths, longLog } from '../testkit/simulation/long-log.ts';
import { calm, type Mischief, SimulatedNetwork, type Weather } from '../testkit/simulation/network.ts';
import { Searches } from '../testkit/simulation/search.ts';
import { SimulatedHub, type SimulatedHubOptions } from '../testkit/simulation/simulated-hub.ts';
import { SimulatedTime } from '../testkit/simulation/simulated-time.ts';
import { drawThresholds, realThresholds, type Thresholds } from '../testkit/simulation/thresholds.ts';
import { inWords, type Verdict } from '../testkit/verdict.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** Faults happen until so many commands have an answer. */
  readonly answers: number;
  /** Whether every kind of disaster can happen in this world; else each in one of two. */
  readonly isCursed?: boolean;
  /** Replaces the random thresholds. */
  readonly thresholds?: Thresholds;
  readonly breaking?: SimulatedHubOptions['breaking'];
  /** Changes every client's transport: a mutant. */
  readonly breakingClients?: (dial: Dial) => Dial;
  /** Runs while a crashed hub is down: the disk of a mutant can forget data here. */
  readonly whileDown?: (folder: string) => void;
}

export interface SimulationReport {
  readonly verdict: Verdict;
  /** Errors in the hub that no simulated fault explains. */
  readonly bugs: readonly string[];
  /** Everyone was up to date at the end. */
  readonly isSettled: boolean;
  /** Number of answered searches, and what was wrong with one. */
  readonly searches: number;
  readonly misled: readonly string[];
  readonly records: number;
  readonly acked: number;
  readonly mischief: Readonly<Mischief & Record<Disaster, number>>;
  /** Simulated time. */
  readonly passedMs: number;
}

/** The report of a world without violations. */
export const fine = {
  faults: '',
  bugs: [] as readonly string[],
  misled: [] as readonly string[],
  isSettled: true,
};

export function outcomeOf({ verdict, bugs, misled, isSettled }: SimulationReport): typeof fine {
  return { faults: inWords(verdict), bugs, misled, isSettled };
}

/** Faults of the hub, with their frequency per thousand steps. */
const disasters = ['crashes', 'stops', 'failures', 'fullDisks', 'clocks', 'outages'] as const;
type Disaster = (typeof disasters)[number];

/** Time between two steps. */
const momentMs = 250;
const downMs = [50, 5_000] as const;
const failingMs = [50, 3_000] as const;
const outageMs = [500, 40_000] as const;
/** Longer than a feed's longest silence. */
const quietMs = 20_000;
const stormMaxMs = 20 * 60_000;
const settleMaxMs = 10 * 60_000;
const claimTimeoutMs = 30_000;
const shopsMax = 3;
const repeats = 40;
/** One in so many worlds. */
const longOneIn = 20;
/** Percentage of steps with a search. */
const searchesPerHundred = 20;
const admin: Identity = { role: 'admin' };

export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const before = await logBefore(options);
  using time = new SimulatedTime(options.seed);
  const world = new World(options, time, before);
  try {
    return await world.run(options.answers);
  } finally {
    world.remove();
  }
}

/** Some worlds begin with an almost long log and use the real thresholds. */
async function logBefore({ seed, thresholds }: SimulationOptions): Promise<LongLog | undefined> {
  const chance = seeded(seed + 5);
  const isLong = thresholds === undefined && chance.int(1, longOneIn) === 1;
  return isLong ? longLog(chance.pick(longLengths)) : undefined;
}

class World {
  readonly #options: SimulationOptions;
  readonly #time: SimulatedTime;
  readonly #folder = memoryFolder();
  readonly #chance: Chance;
  readonly #network: SimulatedNetwork;
  readonly #recorder: Recorder;
  readonly #before: LongLog | undefined;
  readonly #thresholds: Thresholds;
  readonly #searches: Searches;
  readonly #bugs: string[] = [];
  readonly #happened = Object.fromEntries(disasters.map((name) => [name, 0])) as Record<Disaster, number>;
  readonly #shops: Shop[] = [];
  readonly #readers: ReturningReader[] = [];
  #hub: SimulatedHub | undefined;

  constructor(options: SimulationOptions, time: SimulatedTime, before: LongLog | undefined) {
    const { seed } = options;
    this.#before = before;
    if (before) copyOf(before, this.#folder);
    this.#thresholds = options.thresholds ?? (before ? realThresholds : drawThresholds(seeded(seed + 4)));
    this.#searches = new Searches(seeded(seed + 6));
    this.#options = options;
    this.#time = time;
    this.#chance = seeded(options.seed + 1);
    this.#network = new SimulatedNetwork(seeded(options.seed + 2));
    const { breakingClients = (dial: Dial) => dial } = options;
    this.#recorder = new Recorder(breakingClients(this.#network.dial));
  }

  remove(): void {
    this.#recorder.closeAll();
    rmSync(this.#folder, { recursive: true });
  }

  async run(answers: number): Promise<SimulationReport> {
    await this.#startHub();
    this.#peopleCome();
    await this.#storm(answers);
    const isSettled = await this.#settle();
    await this.#time.resolved(this.#hub?.stop() ?? Promise.resolve());
    const { log, rows } = await this.#time.resolved(readDisk(this.#folder));
    const history = this.#recorder.history(log);
    const commands = [...(this.#before?.commands ?? []), ...history.commands];
    return {
      verdict: check({ ...history, commands, rows }),
      bugs: this.#bugs,
      searches: this.#searches.count,
      misled: this.#searches.wrong(log).slice(0, 1),
      isSettled,
      records: log.length,
      acked: this.#recorder.tally().acked,
      mischief: { ...this.#network.mischief, ...this.#happened },
      passedMs: this.#time.passed,
    };
  }

  async #startHub(): Promise<void> {
    const { seed, breaking } = this.#options;
    const pace = seeded(seed + 3);
    const slowestMs = this.#chance.pick([0, 2, 30]);
    this.#hub = await this.#time.resolved(
      SimulatedHub.start({
        folder: this.#folder,
        time: this.#time,
        thresholds: this.#thresholds,
        network: this.#network,
        storeMs: () => pace.int(0, slowestMs),
        claimTimeoutMs,
        breaking,
        onBug: (error, what) => this.#bugs.push(`${what}: ${String(error)}`),
      }),
    );
  }

  #peopleCome(): void {
    const { seed } = this.#options;
    const recorder = this.#recorder;
    const url = 'http://simulated';
    const shops = this.#chance.int(1, shopsMax);
    for (let i = 0; i < shops; i += 1) {
      const windowMax = this.#chance.int(1, 8);
      this.#shops.push(openShop(recorder, url, `store-${i}`, seeded(seed + 100 + i), windowMax));
    }
    const drivers = this.#chance.int(2, 5);
    for (let i = 0; i < drivers; i += 1) {
      putOnDuty(recorder, url, `driver-${i}`, seeded(seed + 200 + i), this.#chance.int(1, 4));
    }
    recorder.connect('log', { url, identity: admin });
    this.#readers.push(
      new ReturningReader(recorder, url, 'visitor-log', admin),
      new ReturningReader(recorder, url, 'visitor-store', { role: 'vendor', store: 'store-0' }),
    );
  }

  /** Gives each world its own mix of faults, because frequent faults hide rare ones. */
  async #storm(answers: number): Promise<void> {
    const chance = this.#chance;
    const risks = this.#options.isCursed ? [4, 30] : [0, 0, 4, 30];
    const risk = Object.fromEntries(disasters.map((name) => [name, chance.pick(risks)])) as Record<
      Disaster,
      number
    >;
    const weather = weatherFrom(chance);
    this.#network.weather = weather;
    let isOver = false;
    void this.#recorder.answered(answers).then(() => {
      isOver = true;
    });
    while (!isOver && this.#time.passed < stormMaxMs) {
      await this.#pass(momentMs);
      for (const disaster of disasters) {
        if (chance.int(1, 1_000) > risk[disaster]) continue;
        this.#happened[disaster] += 1;
        await this.#strike(disaster, weather);
      }
      if (chance.int(1, 100) <= searchesPerHundred) {
        void this.#hub?.search(this.#searches.next(), this.#searches);
      }
      for (const reader of this.#readers) {
        if (chance.int(1, 100) <= 4) reader.leave();
        if (chance.int(1, 100) <= 4) reader.comeBack();
      }
    }
  }

  async #strike(disaster: Disaster, weather: Weather): Promise<void> {
    const between = ([min, max]: readonly [number, number]) => this.#pass(this.#chance.int(min, max));
    const hub = this.#hub;
    if (!hub) return;
    switch (disaster) {
      case 'crashes':
        await this.#time.resolved(hub.crash());
        await between(downMs);
        this.#options.whileDown?.(this.#folder);
        return this.#startHub();
      case 'stops':
        await this.#time.resolved(hub.stop());
        await between(downMs);
        return this.#startHub();
      case 'failures':
        hub.fail(true);
        await between(failingMs);
        return hub.fail(false);
      case 'fullDisks':
        hub.store.refusesToWrite = true;
        await between(failingMs);
        hub.store.refusesToWrite = false;
        return;
      case 'clocks':
        return this.#time.setClock(this.#chance);
      case 'outages':
        this.#network.breakAll();
        this.#network.weather = { ...weather, refusals: 1_000 };
        await between(outageMs);
        this.#network.weather = weather;
    }
  }

  /** Stops all faults and waits for everyone to catch up. @returns whether they did */
  async #settle(): Promise<boolean> {
    const { commands, clients } = this.#recorder;
    this.#network.weather = calm;
    for (const reader of this.#readers) reader.comeBack();
    // A client notices lost messages with the next one, or when its connection ends.
    this.#network.breakAll();
    for (const shop of this.#shops) void shop.close();
    const isAnswered = () => commands.every(({ end }) => Number.isFinite(end));
    const isQuiet = async () => {
      const before = commands.length;
      await this.#pass(quietMs);
      return commands.length === before && isAnswered();
    };
    const isLive = () => clients.every(({ state }) => state.kind === 'live' || state.kind === 'closed');
    const deadline = this.#time.passed + settleMaxMs;
    while (!(await isQuiet()) && this.#time.passed < deadline);
    void this.#recorder.repeat(repeats, this.#chance);
    while (!(await isQuiet()) && this.#time.passed < deadline);
    return isAnswered() && isLive();
  }

  async #pass(ms: number): Promise<void> {
    await this.#time.until(() => false, ms);
  }
}

function weatherFrom(chance: Chance): Weather {
  const some = (...levels: number[]) => chance.pick([0, ...levels]);
  return {
    delayMs: [0, chance.pick([1, 20, 300])],
    stalls: some(2, 20),
    drops: some(10, 100),
    doubles: some(20, 200),
    overtaken: some(20, 200),
    breaks: some(2, 20),
    refusals: some(100, 500),
  };
}
