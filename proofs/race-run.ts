/**
 * One run of the race proof: drivers on all doors claim each parcel at once. A few parcels at a time, so that the claims
 * of a parcel fall into several commits as well as into one.
 */

import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, CapsRecord } from '../protocol/messages.ts';
import type { ParcelId } from '../protocol/orders.ts';
import { type Chance, seeded } from '../testkit/chance.ts';
import type { Cluster } from '../testkit/cluster.ts';
import { orAfter, readDisk, untilEveryoneHasHeard } from '../testkit/ending.ts';
import { check } from '../testkit/history.ts';
import { type HubOptions, startHub } from '../testkit/hub-process.ts';
import { parcelText } from '../testkit/log.ts';
import { Recorder } from '../testkit/recorder.ts';
import type { Verdict } from '../testkit/verdict.ts';
import { type RaceDoor, type Racer, raceBy, raceDoors } from './race-drivers.ts';

export interface RaceOptions {
  readonly seed: number;
  readonly parcels: number;
  readonly drivers: number;
  /** Time for records to reach everyone. */
  readonly settleMs: number;
  readonly hub?: HubOptions;
  /** Runs at these hubs, in turn, instead of at one of its own. */
  readonly cluster?: Pick<Cluster, 'hubs' | 'whole'>;
}

export interface RaceReport {
  readonly verdict: Verdict;
  /** Parcels with exactly one holder, in the log and in the row, about whom every loser was told. */
  readonly won: number;
  /** Parcels won per door. */
  readonly winners: Readonly<Record<RaceDoor, number>>;
  /** The first few losers who were not told in time who won, in words. */
  readonly untold: readonly string[];
  readonly answers: number;
}

const store = 'race';
/** Parcels per wave. */
const waveMax = 10;
/**
 * Drivers start within so many milliseconds, which change per wave: their claims meet in one commit or, so that slower
 * doors sometimes win, in several.
 */
const startWithinMs = [0, 4, 40] as const;

interface RacerAnswer {
  readonly racer: Racer;
  readonly key: string;
  readonly event: 'claimed' | 'delivered';
  readonly answer: Answer;
}

export async function raceRun({
  seed,
  parcels,
  drivers,
  settleMs,
  hub: how,
  cluster,
}: RaceOptions): Promise<RaceReport> {
  await using stack = new AsyncDisposableStack();
  const start = async () => stack.adopt(await startHub({ ...how, tcp: true }), (it) => it.dispose());
  const hub = cluster?.hubs[0] ?? (await start());
  const recorder = new Recorder();
  stack.defer(() => recorder.closeAll());
  const shop = recorder.connect('shop', { url: hub.url, identity: { role: 'vendor', store } });
  recorder.connect('log', { url: hub.url, identity: { role: 'admin' } });
  const racers: Racer[] = [];
  stack.defer(() => {
    for (const racer of racers) racer.close();
  });
  for (let i = 0; i < drivers; i += 1) {
    const door = raceDoors[i % raceDoors.length] ?? 'socket.io';
    const own = cluster?.hubs[i % cluster.hubs.length] ?? hub;
    racers.push(await raceBy(door, i + 1, own, recorder));
  }

  const chance = seeded(seed);
  const told: RacerAnswer[] = [];
  for (let done = 0; done < parcels; done += waveMax) {
    const wave = Array.from({ length: Math.min(waveMax, parcels - done) }, (_, i): ParcelId => {
      return { store, orderID: String(done + i) };
    });
    const orders = wave.map((key) => {
      return shop.command({
        event: 'pickup',
        payload: { ...key, customer: 'Hulda', address: '1 Long Road' },
      });
    });
    await orAfter(settleMs, Promise.all(orders));
    const withinMs = chance.pick(startWithinMs);
    const races = racers.map((racer) => race(racer, wave, { chance, withinMs, told }));
    await orAfter(settleMs, Promise.all(races));
  }
  await orAfter(settleMs, Promise.all(racers.map((racer) => racer.finished())));
  await untilEveryoneHasHeard(recorder, hub.url, settleMs);
  if (!cluster) await hub.stop();
  const { log, rows } = await (cluster?.whole() ?? readDisk(hub.data));
  const verdict = check({ ...recorder.history(log), rows });
  const answers = recorder.tally().acked;
  return { verdict, answers, ...tally(log, rows, racers, told, parcels) };
}

/** Claims all parcels in random order, then tries to deliver one that it lost. */
async function race(
  racer: Racer,
  wave: readonly ParcelId[],
  { chance, withinMs, told }: { chance: Chance; withinMs: number; told: RacerAnswer[] },
): Promise<void> {
  const order = shuffled(wave, chance);
  const tell = (event: RacerAnswer['event'], key: ParcelId, answer: Answer | undefined): void => {
    if (answer) told.push({ racer, key: parcelText(key), event, answer });
  };
  await pause(chance.int(0, withinMs));
  const answers = await Promise.all(order.map((key) => racer.send('claimed', key)));
  for (const [i, key] of order.entries()) tell('claimed', key, answers[i]);
  const lost = order.find((_, i) => answers[i]?.ok === false);
  if (lost) tell('delivered', lost, await racer.send('delivered', lost));
}

function shuffled<T>(list: readonly T[], chance: Chance): T[] {
  return list
    .map((item) => ({ item, place: chance.int(0, 1_000_000) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

const examplesMax = 3;

function tally(
  log: readonly CapsRecord[],
  rows: Awaited<ReturnType<typeof readDisk>>['rows'],
  racers: readonly Racer[],
  told: readonly RacerAnswer[],
  parcels: number,
): Pick<RaceReport, 'won' | 'winners' | 'untold'> {
  const claims = Map.groupBy(
    log.filter(({ event }) => event === 'claimed'),
    ({ payload }) => parcelText(payload),
  );
  const winners = Object.fromEntries(raceDoors.map((door) => [door, 0])) as Record<RaceDoor, number>;
  const holders = new Map(rows.map(({ payload, holder }) => [parcelText(payload), holder?.id]));
  const byDriver = new Map(racers.map((racer) => [racer.driver, racer]));
  let won = 0;
  for (const [key, [first, second]] of claims) {
    const racer = byDriver.get(first?.by.id ?? '');
    if (!racer || second || holders.get(key) !== racer.driver) continue;
    won += 1;
    winners[racer.door] += 1;
  }
  const untold: string[] = [];
  for (const { racer, key, event, answer } of told) {
    const winner = claims.get(key)?.[0]?.by.id;
    if (isTold(racer, event, answer, winner) || untold.length === examplesMax) continue;
    untold.push(
      `${racer.driver} (${racer.door}), ${event} of ${key}, won by ${winner}: ${JSON.stringify(answer)}`,
    );
  }
  // A hub that answers no one would pass the check of the losers.
  if (told.length === 0) untold.push(`nobody was told anything about ${parcels} parcels`);
  return { won, winners, untold };
}

function isTold(
  racer: Racer,
  event: RacerAnswer['event'],
  answer: Answer,
  winner: string | undefined,
): boolean {
  if (answer.ok) return event === 'claimed' && winner === racer.driver;
  if (event === 'delivered') return answer.error.code === 'stale-claim';
  return answer.error.code === 'taken' && answer.error.details?.['by'] === winner && winner !== racer.driver;
}
