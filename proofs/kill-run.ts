/**
 * One run of the kill proof: a hub under load is killed again and again, and at the end the history checker
 * looks at what everyone sent, was answered and was told.
 */

import { setTimeout as pause } from 'node:timers/promises';
import type { Identity } from '../client/client.ts';
import { seeded } from '../testkit/chance.ts';
import { openShop, putOnDuty, ReturningReader } from '../testkit/crew.ts';
import { isLive, orAfter, readDisk, untilEveryoneHasHeard } from '../testkit/ending.ts';
import { check } from '../testkit/history.ts';
import { type HubOptions, type HubProcess, startHub } from '../testkit/hub-process.ts';
import { Recorder } from '../testkit/recorder.ts';
import type { Verdict } from '../testkit/verdict.ts';

export interface KillOptions {
  readonly seed: number;
  readonly kills: number;
  readonly stores: number;
  readonly drivers: number;
  /** Orders that a store keeps on their way. */
  readonly windowMax: number;
  /** How many answers come between a start of the hub and its end, at least and at most. */
  readonly answers: readonly [min: number, max: number];
  /** How long parcels may take to get where their plans end, and news to reach everyone. */
  readonly settleMs: number;
  readonly hub?: HubOptions;
}

export interface KillReport {
  readonly verdict: Verdict;
  readonly records: number;
  /** Commands answered with ok. */
  readonly acked: number;
  /** Acks that a crash swallowed: the command was in the log, was sent again and was known again. */
  readonly knownAgain: number;
  /** Cursors that were not honoured. */
  readonly resets: number;
  /** The longest that a client took to be live after the hub was ready again. */
  readonly recoveryMs: number;
}

/** The kill follows an answer by at most this, so that it meets every stage of a commit. */
const jitterMs = 20;
/** Commands sent once more at the end, under the ids they had. */
const repeats = 200;
const admin: Identity = { role: 'admin' };

export async function killRun(options: KillOptions): Promise<KillReport> {
  const { seed, settleMs } = options;
  await using stack = new AsyncDisposableStack();
  const hub = stack.adopt(await startHub(options.hub), (it) => it.dispose());
  const recorder = new Recorder();
  stack.defer(() => recorder.closeAll());

  const shops = Array.from({ length: options.stores }, (_, i) =>
    openShop(recorder, hub.url, `store-${i}`, seeded(seed + 100 + i), options.windowMax),
  );
  for (let i = 0; i < options.drivers; i += 1) {
    putOnDuty(recorder, hub.url, `driver-${i}`, seeded(seed + 200 + i), 4);
  }
  for (const name of ['log-0', 'log-1']) recorder.connect(name, { url: hub.url, identity: admin });

  const recoveryMs = await killAgainAndAgain(hub, recorder, options);
  await orAfter(settleMs, Promise.all(shops.map((shop) => shop.close())));
  const tally = recorder.tally();
  await orAfter(settleMs, recorder.repeat(repeats, seeded(seed + 300)));
  await untilEveryoneHasHeard(recorder, hub.url, settleMs);
  await hub.stop();
  const { log, rows } = await readDisk(hub.data);
  const verdict = check({ ...recorder.history(log), rows });
  return { verdict, records: log.length, ...tally, resets: recorder.resets, recoveryMs };
}

/** @returns the longest recovery in milliseconds */
async function killAgainAndAgain(hub: HubProcess, recorder: Recorder, options: KillOptions): Promise<number> {
  const chance = seeded(options.seed);
  const readers = [
    new ReturningReader(recorder, hub.url, 'visitor-log', admin),
    new ReturningReader(recorder, hub.url, 'visitor-store', { role: 'vendor', store: 'store-0' }),
  ];
  let longestMs = 0;
  for (let i = 0; i < options.kills; i += 1) {
    await orAfter(options.settleMs, recorder.answered(chance.int(...options.answers)));
    await pause(chance.int(0, jitterMs));
    // Every other time the readers are away when it happens, and come back after the next.
    if (i % 2 === 0) for (const reader of readers) reader.leave();
    await hub.kill();
    await hub.start();
    const ready = performance.now();
    const { pid } = hub;
    for (const client of recorder.clients) {
      void isLive(client).then(() => {
        // Who is still on the way when the next kill comes is counted from there.
        if (hub.pid === pid) longestMs = Math.max(longestMs, performance.now() - ready);
      });
    }
    if (i % 2 === 1) for (const reader of readers) reader.comeBack();
  }
  for (const reader of readers) reader.comeBack();
  await orAfter(options.settleMs, Promise.all(recorder.clients.map(isLive)));
  return longestMs;
}
