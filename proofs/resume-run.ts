/**
 * One run of the resume proof: shops and drivers keep a hub busy, and many others read along whose network goes
 * away and comes back at random. At the end each of them must have heard of all that was theirs, once and in order.
 */

import { setTimeout as pause } from 'node:timers/promises';
import type { Client, Identity } from '../client/client.ts';
import { socketIoWire } from '../client/socketio-wire.ts';
import { tcpWire } from '../client/tcp-wire.ts';
import { type Chance, seeded } from '../testkit/chance.ts';
import { openShop, putOnDuty } from '../testkit/crew.ts';
import { CutWire } from '../testkit/cut-wire.ts';
import { isLive, orAfter, readDisk, untilEveryoneHasHeard } from '../testkit/ending.ts';
import { check } from '../testkit/history.ts';
import { type HubOptions, type HubProcess, startHub } from '../testkit/hub-process.ts';
import { Recorder } from '../testkit/recorder.ts';
import type { Verdict } from '../testkit/verdict.ts';

export interface ResumeOptions {
  readonly seed: number;
  /** Who read along and go away. */
  readonly clients: number;
  /** Orders that each of the four shops keeps on their way: how much load there is. */
  readonly windowMax: number;
  /** Answers to the crew's commands before it stops. */
  readonly answers: number;
  readonly awayMaxMs: number;
  /** For parcels to get where their plans end, and for news to reach everyone. */
  readonly settleMs: number;
  readonly hub?: HubOptions;
}

export interface ResumeReport {
  readonly verdict: Verdict;
  readonly records: number;
  readonly perSecond: number;
  /** Times that somebody was away. */
  readonly breaks: number;
  /** Times that a client saw for itself that something was missing, and asked again. */
  readonly missed: number;
  readonly resets: number;
  /** One who had missed more than a thousand records, while the load went on. */
  readonly late: { readonly records: number; readonly ms: number };
}

const shops = 4;
const drivers = 4;
const lateMin = 1_000;

export async function resumeRun(options: ResumeOptions): Promise<ResumeReport> {
  const { seed, settleMs, windowMax } = options;
  await using stack = new AsyncDisposableStack();
  const hub = stack.adopt(await startHub({ ...options.hub, tcp: true }), (it) => it.dispose());
  const recorder = new Recorder();
  stack.defer(() => recorder.closeAll());

  const readers = Array.from({ length: options.clients }, (_, i) => new Absentee(recorder, hub, i));
  const late = new Absentee(recorder, hub, 0, 'late');
  await orAfter(settleMs, Promise.all([late, ...readers].map(({ client }) => isLive(client))));
  const crew = Array.from({ length: shops }, (_, i) =>
    openShop(recorder, hub.url, `store-${i}`, seeded(seed + 100 + i), windowMax),
  );
  for (let i = 0; i < drivers; i += 1) {
    putOnDuty(recorder, hub.url, `driver-${i}`, seeded(seed + 200 + i), windowMax / 2);
  }

  const busy = new AbortController();
  const comings = readers.map((reader, i) =>
    reader.comeAndGo(seeded(seed + 1_000 + i), options.awayMaxMs, busy.signal),
  );
  const start = performance.now();
  late.cut();
  // The last third of the load is what the late one comes back into.
  await orAfter(settleMs, untilLate(recorder, Math.ceil((options.answers * 2) / 3)));
  const lateMs = await late.comeBack(settleMs);
  await orAfter(settleMs, recorder.answered(Math.ceil(options.answers / 3)));
  const seconds = (performance.now() - start) / 1_000;
  const { acked } = recorder.tally();

  await orAfter(settleMs, Promise.all(crew.map((shop) => shop.close())));
  busy.abort();
  const breaks = (await Promise.all(comings)).reduce((sum, count) => sum + count, 0);
  await orAfter(settleMs, Promise.all(readers.map(({ client }) => isLive(client))));
  await untilEveryoneHasHeard(recorder, hub.url, settleMs);
  await hub.stop();
  const { log, rows } = await readDisk(hub.data);
  const verdict = check({ ...recorder.history(log), rows });
  const missed = [late, ...readers].reduce((sum, reader) => sum + reader.missed, 0);
  return {
    ...{ verdict, records: log.length, perSecond: Math.round(acked / seconds), breaks, missed },
    ...{ resets: recorder.resets, late: { records: late.caughtUp, ms: Math.round(lateMs) } },
  };
}

/** So many answers, and so many more that there is enough to have missed: drivers lose races to each other. */
async function untilLate(recorder: Recorder, answers: number): Promise<void> {
  await recorder.answered(answers);
  while (recorder.tally().acked < lateMin) await recorder.answered(lateMin / 20);
}

/** Somebody whose network comes and goes; every second one reads by TCP. */
class Absentee {
  readonly client: Client;
  readonly #wire: CutWire;
  /** Breaks that it has made itself. */
  get missed(): number {
    return this.#breaks - this.#wire.downs;
  }
  /** All that were not made here. */
  #breaks = 0;
  /** Records that it was told of before it was live the last time. */
  caughtUp = 0;
  #isCut = false;

  constructor(recorder: Recorder, hub: HubProcess, number: number, name = `reader-${number}`) {
    const real = number % 2 === 0 ? socketIoWire(hub.url) : tcpWire('127.0.0.1', hub.tcpPort);
    this.#wire = new CutWire(real);
    const identity = identityOf(number);
    this.client = recorder.connect(name, { url: hub.url, identity, dial: this.#wire.dial }).client;
    this.client.on('state', (state) => {
      if (state.kind === 'waiting' && !this.#isCut) this.#breaks += 1;
      if (state.kind === 'live') this.caughtUp = Math.max(this.caughtUp, state.caughtUp);
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
    this.#wire.cut();
  }

  /** @returns the milliseconds until it knew everything */
  async comeBack(patienceMs: number): Promise<number> {
    const start = performance.now();
    this.#mend();
    await orAfter(patienceMs, isLive(this.client));
    return performance.now() - start;
  }

  #mend(): void {
    this.#wire.mend();
    this.#isCut = false;
    this.client.retryNow();
  }
}

/** Of eight: one dispatcher, three shops, four drivers. Two thousand records a second to each of them is a lot to read. */
function identityOf(number: number): Identity {
  const kind = number % 8;
  if (kind === 0) return { role: 'admin' };
  const which = Math.floor(number / 8) % shops;
  return kind < 4
    ? { role: 'vendor', store: `store-${which}` }
    : { role: 'driver', driver: `driver-${which}` };
}

export function isLate({ late }: ResumeReport): boolean {
  return late.records >= lateMin;
}
