/**
 * One run of the kill proof: it kills a hub under load again and again, and at the end the history checker compares what
 * everyone sent, was answered and received.
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
  /** Open orders per store. */
  readonly windowMax: number;
  /** Fewest and most answers between a start of the hub and the next kill. */
  readonly answers: readonly [min: number, max: number];
  /** Time for parcels to finish, and for records to reach everyone. */
  readonly settleMs: number;
  readonly hub?: HubOptions;
}

export interface KillReport {
  readonly verdict: Verdict;
  readonly records: number;
  /** Number of acked commands. */
  readonly acked: number;
  /** Number of acks lost in a crash: the command was in the log, and its repeat was a duplicate. */
  readonly knownAgain: number;
  /** Number of cursors answered with a reset. */
  readonly resets: number;
  /** Longest time from a start of the hub to a live client. */
  readonly recoveryMs: number;
  /** The same for the start after which all clients were back soonest. */
  readonly bestRecoveryMs: number;
}

/** Longest delay between an answer and the kill, so that kills hit every stage of a commit. */
const jitterMs = 20;
/** Commands repeated at the end with the same ids. */
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

  const recoveriesMs = await killAgainAndAgain(hub, recorder, options);
  await orAfter(settleMs, Promise.all(shops.map((shop) => shop.close())));
  const tally = recorder.tally();
  await orAfter(settleMs, recorder.repeat(repeats, seeded(seed + 300)));
  await untilEveryoneHasHeard(recorder, hub.url, settleMs);
  await hub.stop();
  const { log, rows } = await readDisk(hub.data);
  const verdict = check({ ...recorder.history(log), rows });
  const recovery = { recoveryMs: Math.max(...recoveriesMs), bestRecoveryMs: Math.min(...recoveriesMs) };
  return { verdict, records: log.length, ...tally, resets: recorder.resets, ...recovery };
}

/** @returns how long it took after each start until all clients were live, in milliseconds */
async function killAgainAndAgain(
  hub: HubProcess,
  recorder: Recorder,
  options: KillOptions,
): Promise<number[]> {
  const chance = seeded(options.seed);
  const readers = [
    new ReturningReader(recorder, hub.url, 'visitor-log', admin),
    new ReturningReader(recorder, hub.url, 'visitor-store', { role: 'vendor', store: 'store-0' }),
  ];
  const longestMs: number[] = [];
  for (let i = 0; i < options.kills; i += 1) {
    await orAfter(options.settleMs, recorder.answered(chance.int(...options.answers)));
    await pause(chance.int(0, jitterMs));
    // At every other kill the readers are disconnected, and return after the next one.
    if (i % 2 === 0) for (const reader of readers) reader.leave();
    await hub.kill();
    await hub.start();
    const ready = performance.now();
    const { pid } = hub;
    for (const client of recorder.clients) {
      void isLive(client).then(() => {
        // A client that is not live before the next kill counts from that one.
        if (hub.pid === pid) longestMs[i] = Math.max(longestMs[i] ?? 0, performance.now() - ready);
      });
    }
    if (i % 2 === 1) for (const reader of readers) reader.comeBack();
  }
  for (const reader of readers) reader.comeBack();
  await orAfter(options.settleMs, Promise.all(recorder.clients.map(isLive)));
  // After a quick kill nobody was live.
  return longestMs.filter((ms) => ms !== undefined);
}
