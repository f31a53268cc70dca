/**
 * One run of the resume proof: shops and drivers keep a hub busy, and the networks of many other readers break and return
 * at random. At the end each reader must have received every record of theirs once and in order.
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
  /** Number of readers with breaks. */
  readonly clients: number;
  /** Number of shops, and of drivers, that keep the hub busy. */
  readonly crew: number;
  /** Open orders per shop. */
  readonly windowMax: number;
  /** Commands of the whole crew per second. */
  readonly perSecond: number;
  /** The crew stops after so many answers. */
  readonly answers: number;
  readonly awayMaxMs: number;
  /** Number of returns under load after more than a thousand missed records. */
  readonly lateTimes: number;
  /** Time for parcels to finish, and for records to reach everyone. */
  readonly settleMs: number;
  readonly hub?: HubOptions;
}

export interface ResumeReport {
  readonly verdict: Verdict;
  readonly records: number;
  /** Records per second until the crew stopped. */
  readonly perSecond: number;
  /** Number of breaks. */
  readonly breaks: number;
  /** Number of gaps that clients noticed and resumed from. */
  readonly missed: number;
  readonly resets: number;
  readonly late: readonly Return[];
}

/** One return under load. */
interface Return {
  /** Number of records missed. */
  readonly records: number;
  readonly ms: number;
}

const lateMin = 1_000;

export async function resumeRun(options: ResumeOptions): Promise<ResumeReport> {
  const { settleMs } = options;
  await using stack = new AsyncDisposableStack();
  const hub = stack.adopt(await startHub({ ...options.hub, tcp: true }), (it) => it.dispose());
  // Many receive the same records: memory holds each once.
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

/** The crew's work, which ends after a number of answers. */
class Load {
  /** Resolves after enough answers; after that there are no new orders. */
  readonly over: Promise<void>;
  /** Records per second until then. */
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

  /** Places no new orders, and resolves when all open ones are finished. */
  async close(): Promise<void> {
    await Promise.all(this.#shops.map((shop) => shop.close()));
  }

  end(): void {
    this.#pace.close();
  }
}

/** Makes long breaks, one after the other, and returns under load. */
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

/** Waits for so many more records. */
async function untilRecorded(recorder: Recorder, more: number): Promise<void> {
  const enough = recorder.tally().acked + more;
  for (let rest = more; rest > 0; rest = enough - recorder.tally().acked) await recorder.answered(rest);
}

/** A reader whose network breaks and returns. Every second one of each kind uses TCP. */
class Absentee {
  readonly client: Client;
  readonly #wire: CutWire;
  /** Number of breaks made by the proof. */
  get missed(): number {
    return this.#breaks - this.#wire.downs;
  }
  /** Number of other breaks. */
  #breaks = 0;
  /** Records received between the last break and being live. */
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

  /** @returns the number of breaks */
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

  /** Resolves when it has everything. */
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
 * Of sixteen readers, one is dispatch, twelve are shops and three drivers. Dispatch reads every record and a driver every
 * offer: two hundred of these would need more than two cores.
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
