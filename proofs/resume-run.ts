/**
 * One run of the resume proof: shops and drivers keep a hub busy, and many others read along whose network goes
 * away and comes back at random. At the end each of them must have heard of all that was theirs, once and in order.
 */

import { setTimeout as pause } from 'node:timers/promises';
import type { Client, Identity } from '../client/client.ts';
import { socketIoWire } from '../client/socketio-wire.ts';
import { tcpWire } from '../client/tcp-wire.ts';
import { type Chance, seeded } from '../testkit/chance.ts';
import { openShop, putOnDuty, type Shop } from '../testkit/crew.ts';
import { CutWire } from '../testkit/cut-wire.ts';
import { isLive, orAfter, readDisk, untilEveryoneHasHeard } from '../testkit/ending.ts';
import { check } from '../testkit/history.ts';
import { type HubOptions, type HubProcess, startHub } from '../testkit/hub-process.ts';
import { Pace } from '../testkit/pace.ts';
import { Recorder } from '../testkit/recorder.ts';
import type { Verdict } from '../testkit/verdict.ts';

export interface ResumeOptions {
  readonly seed: number;
  /** Who read along and go away. */
  readonly clients: number;
  /** How many shops keep the hub busy, and how many drivers. */
  readonly crew: number;
  /** Orders that each shop keeps on their way. */
  readonly windowMax: number;
  /** Commands that the crew gives in a second, all together. */
  readonly perSecond: number;
  /** Answers to the crew's commands before it stops. */
  readonly answers: number;
  readonly awayMaxMs: number;
  /** How often somebody comes back into the load who has missed more than a thousand records. */
  readonly lateTimes: number;
  /** For parcels to get where their plans end, and for news to reach everyone. */
  readonly settleMs: number;
  readonly hub?: HubOptions;
}

export interface ResumeReport {
  readonly verdict: Verdict;
  readonly records: number;
  /** Records made in a second until the crew stopped. */
  readonly perSecond: number;
  /** Times that somebody was away. */
  readonly breaks: number;
  /** Times that a client saw for itself that something was missing, and asked again. */
  readonly missed: number;
  readonly resets: number;
  readonly late: readonly Return[];
}

/** How somebody came back while the load went on. */
interface Return {
  /** What they had missed. */
  readonly records: number;
  readonly ms: number;
}

const lateMin = 1_000;

export async function resumeRun(options: ResumeOptions): Promise<ResumeReport> {
  const { settleMs } = options;
  await using stack = new AsyncDisposableStack();
  const hub = stack.adopt(await startHub({ ...options.hub, tcp: true }), (it) => it.dispose());
  // Many hear of the same: what they heard is to be in memory once.
  const recorder = new Recorder(undefined, { isSharing: true });
  stack.defer(() => recorder.closeAll());

  const readers = Array.from({ length: options.clients }, (_, i) => new Absentee(recorder, hub, i, options));
  const late = new Absentee(recorder, hub, 0, options, 'late');
  await orAfter(settleMs, Promise.all([late, ...readers].map(({ client }) => isLive(client))));
  const busy = new AbortController();
  const comings = readers.map((reader, i) =>
    reader.comeAndGo(seeded(options.seed + 1_000 + i), options.awayMaxMs, busy.signal),
  );
  const load = stack.adopt(new Load(recorder, hub, options), (it) => it.end());
  const returns = await leaveAgainAndAgain(late, recorder, load, options);
  await orAfter(settleMs, load.over);
  await orAfter(settleMs, load.close());

  busy.abort();
  const breaks = (await Promise.all(comings)).reduce((sum, count) => sum + count, 0);
  await orAfter(settleMs, Promise.all(readers.map(({ client }) => isLive(client))));
  await untilEveryoneHasHeard(recorder, hub.url, settleMs);
  await hub.stop();
  const { log, rows } = await readDisk(hub.data);
  const verdict = check({ ...recorder.history(log), rows });
  const missed = [late, ...readers].reduce((sum, reader) => sum + reader.missed, 0);
  return {
    ...{ verdict, records: log.length, perSecond: load.perSecond, breaks, missed },
    ...{ resets: recorder.resets, late: returns },
  };
}

/** The crew's work, which ends with a number of answers whatever else is going on. */
class Load {
  /** Resolves when there were enough answers; from then on there are no new orders. */
  readonly over: Promise<void>;
  /** Records made in a second until then. */
  perSecond = 0;
  isOver = false;
  readonly #pace: Pace;
  readonly #shops: readonly Shop[];

  constructor(recorder: Recorder, { url }: HubProcess, options: ResumeOptions) {
    const { seed, crew, windowMax, perSecond, answers } = options;
    const pace = new Pace(perSecond);
    const start = performance.now();
    this.over = recorder.answered(answers).then(() => {
      const seconds = (performance.now() - start) / 1_000;
      this.perSecond = Math.round(recorder.tally().acked / seconds);
      this.isOver = true;
      void this.close();
    });
    this.#pace = pace;
    const stores = Array.from({ length: crew }, (_, i) => `store-${i}`);
    this.#shops = stores.map((store, i) =>
      openShop(recorder, url, store, seeded(seed + 100 + i), windowMax, pace),
    );
    for (const [i, store] of stores.entries())
      putOnDuty(recorder, url, `driver-${i}`, seeded(seed + 200 + i), windowMax / 2, { pace, store });
  }

  /** No new orders; resolves when all those on their way are where their plans end. */
  async close(): Promise<void> {
    await Promise.all(this.#shops.map((shop) => shop.close()));
  }

  end(): void {
    this.#pace.close();
  }
}

/** Somebody is away, again and again, until they have missed enough, and comes back into the load. */
async function leaveAgainAndAgain(
  late: Absentee,
  recorder: Recorder,
  load: Load,
  { lateTimes, settleMs }: ResumeOptions,
): Promise<Return[]> {
  const returns: Return[] = [];
  while (returns.length < lateTimes && !load.isOver) {
    late.cut();
    await orAfter(settleMs, Promise.race([untilRecorded(recorder, lateMin), load.over]));
    returns.push(await late.comeBack(settleMs));
  }
  return returns;
}

/** @param more that many records from now: what is refused does not count */
async function untilRecorded(recorder: Recorder, more: number): Promise<void> {
  const enough = recorder.tally().acked + more;
  for (let rest = more; rest > 0; rest = enough - recorder.tally().acked) await recorder.answered(rest);
}

/** Somebody whose network comes and goes; of each kind every second one reads by TCP. */
class Absentee {
  readonly client: Client;
  readonly #wire: CutWire;
  /** Breaks that it has made itself. */
  get missed(): number {
    return this.#breaks - this.#wire.downs;
  }
  /** All that were not made here. */
  #breaks = 0;
  /** Records that it was told of before it was live, since it was cut. */
  #caughtUp = 0;
  #isCut = false;

  constructor(
    recorder: Recorder,
    hub: HubProcess,
    number: number,
    { crew }: ResumeOptions,
    name = `reader-${number}`,
  ) {
    const isByTcp = (number + Math.floor(number / kinds)) % 2 === 1;
    const real = isByTcp ? tcpWire('127.0.0.1', hub.tcpPort) : socketIoWire(hub.url);
    this.#wire = new CutWire(real);
    const identity = identityOf(number, crew);
    this.client = recorder.connect(name, { url: hub.url, identity, dial: this.#wire.dial }).client;
    this.client.on('state', (state) => {
      if (state.kind === 'waiting' && !this.#isCut) this.#breaks += 1;
      if (state.kind === 'live') this.#caughtUp = state.caughtUp;
    });
  }

  /** @returns how often it was away */
  async comeAndGo(chance: Chance, awayMaxMs: number, until: AbortSignal): Promise<number> {
    let count = 0;
    while (!until.aborted) {
      await pause(chance.int(0, awayMaxMs));
      if (until.aborted) break;
      this.cut();
      count += 1;
      await pause(chance.int(0, awayMaxMs));
      this.#mend();
    }
    return count;
  }

  cut(): void {
    this.#isCut = true;
    this.#caughtUp = 0;
    this.#wire.cut();
  }

  /** @returns when it knows everything */
  async comeBack(patienceMs: number): Promise<Return> {
    const start = performance.now();
    this.#mend();
    await orAfter(patienceMs, isLive(this.client));
    return { records: this.#caughtUp, ms: Math.round(performance.now() - start) };
  }

  #mend(): void {
    this.#wire.mend();
    this.#isCut = false;
    this.client.retryNow();
  }
}

/**
 * Of sixteen: one dispatcher, twelve shops, three drivers. A dispatcher reads every record and a driver every offer,
 * which two hundred could not do beside the hub on two cores.
 */
function identityOf(number: number, crew: number): Identity {
  const kind = number % kinds;
  const which = (number + Math.floor(number / kinds)) % crew;
  if (kind === 0) return { role: 'admin' };
  return kind < 13
    ? { role: 'vendor', store: `store-${which}` }
    : { role: 'driver', driver: `driver-${which}` };
}
const kinds = 16;

export function isLate({ late }: ResumeReport): boolean {
  return late.length > 0 && late.every(({ records }) => records >= lateMin);
}
