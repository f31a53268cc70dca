/**
 * One run of the clock proof: under load, it sets the wall clock of the hub's process back and forth by minutes and days.
 * Before each jump a driver who has claimed a parcel disconnects. The hub must release the parcel when the claim timeout
 * has passed, whatever the wall clock shows.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { uuidv7 } from '../protocol/ids.ts';
import type { CapsRecord } from '../protocol/messages.ts';
import { type Chance, seeded } from '../testkit/chance.ts';
import { isLive } from '../testkit/ending.ts';
import { FakeClock } from '../testkit/fake-clock.ts';
import { type HubOptions, startHub } from '../testkit/hub-process.ts';
import type { RecordedClient } from '../testkit/recorder.ts';
import { type LoadOptions, type Outcome, WholeLoad } from '../testkit/whole-load.ts';

export interface ClockOptions extends LoadOptions {
  readonly jumps: number;
  /** The claim timeout. */
  readonly claimTimeoutS: number;
  /** A driver who is not released by then counts as never released. */
  readonly releasedMaxMs: number;
  readonly hub?: HubOptions;
}

export interface ClockReport extends Outcome {
  /** Times between a driver's disconnection and the release, by the real clock; `releasedMaxMs` if there was none. */
  readonly goneMs: readonly number[];
  /** The first few records whose time no clock showed, in words. */
  readonly wrongTimes: readonly string[];
  /** The longest wait for an answer. */
  readonly answeredMs: number;
}

const store = 'clock-shop';
const between = [300, 900] as const;
const unitsMs = [60_000, 3_600_000, 86_400_000] as const;
/** The clock's last setting: earlier than all times that it has shown, so a timer on the wall clock waits for days. */
const behindAllMs = -11 * 86_400_000;
/** Pause between two timed orders. */
const askEveryMs = 50;
const examplesMax = 3;

/** From `since`, measured from the start of the run, the clock is `aheadMs` ahead. */
interface Setting {
  readonly since: number;
  readonly aheadMs: number;
}

interface TimedOrder {
  readonly orderID: string;
  readonly start: number;
  readonly end: number;
}

export async function clockRun(options: ClockOptions): Promise<ClockReport> {
  const { seed, jumps, claimTimeoutS } = options;
  await using stack = new AsyncDisposableStack();
  const clock = stack.use(new FakeClock());
  const env = { ...clock.env, CAPS_CLAIM_TIMEOUT: String(claimTimeoutS) };
  const hub = stack.adopt(await startHub({ tcp: true, env, ...options.hub }), (it) => it.dispose());
  const load = stack.use(await WholeLoad.begin(hub, options));
  const { recorder } = load;
  const connected = (name: string, identity: Parameters<typeof recorder.connect>[1]['identity']) =>
    recorder.connect(name, { url: hub.url, identity });
  const shop = connected(store, { role: 'vendor', store });
  const releases = new ClaimTimeout(shop);
  await isLive(shop.client);

  const settings: Setting[] = [{ since: 0, aheadMs: 0 }];
  const asked: TimedOrder[] = [];
  let isOver = false;
  const asking = askAgainAndAgain(shop, asked, () => isOver);
  const chance = seeded(seed + 1);
  const gone: Promise<number>[] = [];
  for (let i = 0; i < jumps; i += 1) {
    const driver = `leaver-${i}`;
    const leaver = connected(driver, { role: 'driver', driver });
    const payload = { store, orderID: `left-${i}` };
    await shop.command({ event: 'pickup', payload: { ...payload, customer: 'Hulda', address: '1 Pass' } });
    await leaver.command({ event: 'claimed', payload });
    const released = releases.of(payload.orderID);
    leaver.leave();
    gone.push(since(released, options.releasedMaxMs));
    await pause(chance.int(...between));
    const aheadMs = i === jumps - 1 ? behindAllMs : jump(chance);
    clock.setAhead(aheadMs);
    settings.push({ since: performance.now(), aheadMs });
  }
  const goneMs = await Promise.all(gone);
  isOver = true;
  await asking;
  const outcome = await load.end();
  const wrongTimes = timesIn(outcome.log, asked, settings);
  const answeredMs = Math.max(...asked.map(({ start, end }) => end - start));
  return { ...outcome, goneMs, wrongTimes, answeredMs };
}

/** A random jump of minutes, hours or days, ahead or back. */
function jump(chance: Chance): number {
  return chance.pick([-1, 1]) * chance.int(1, 10) * chance.pick(unitsMs);
}

async function since(event: Promise<void>, maxMs: number): Promise<number> {
  const start = performance.now();
  await Promise.race([event, pause(maxMs, undefined, { ref: false })]);
  return performance.now() - start;
}

/** When the hub took a parcel of the shop out of somebody's hands. */
class ClaimTimeout {
  readonly #waiting = new Map<string, () => void>();

  constructor(shop: RecordedClient) {
    shop.client.on('events', ({ records }) => {
      for (const { event, by, payload } of records) {
        if (event === 'released' && by.role === 'hub') this.#waiting.get(payload.orderID)?.();
      }
    });
  }

  of(orderID: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(orderID, resolve));
  }
}

async function askAgainAndAgain(
  shop: RecordedClient,
  asked: TimedOrder[],
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const orderID = uuidv7();
    const start = performance.now();
    const answer = await shop.command({
      event: 'pickup',
      payload: { store, orderID, customer: 'Hulda', address: '835 Meluk Pass' },
    });
    if (answer.ok) asked.push({ orderID, start, end: performance.now() });
    await pause(askEveryMs);
  }
}

/** Finds wrong times: the log's time may not run backwards, and `machineTime` must be one that the clock has shown. */
function timesIn(
  log: readonly CapsRecord[],
  asked: readonly TimedOrder[],
  settings: readonly Setting[],
): string[] {
  const wrong: string[] = [];
  let last = '';
  for (const { seq, time } of log) {
    if (time < last) wrong.push(`${seq} is at ${time}, after ${last}`);
    last = time;
  }
  const byOrder = new Map(log.map((record) => [record.payload.orderID, record]));
  const epoch = Date.now() - performance.now();
  for (const { orderID, start, end } of asked) {
    const record = byOrder.get(orderID);
    if (!record) continue;
    const own = Date.parse(record.machineTime ?? record.time);
    const fits = settings.some(({ since, aheadMs }, i) => {
      const until = settings[i + 1]?.since ?? Number.POSITIVE_INFINITY;
      const from = epoch + aheadMs + start - slackMs;
      const to = epoch + aheadMs + end + slackMs;
      return since <= end && until >= start - slackMs && from <= own && own <= to;
    });
    if (!fits) wrong.push(`${record.seq} was recorded at ${new Date(own).toISOString()}`);
  }
  return wrong.slice(0, examplesMax);
}

/** Tolerance for two clocks and for settings in whole seconds. */
const slackMs = 100;
