/**
 * Shops and drivers at all hubs of a cluster, which are killed one after the other; at the end the history checker
 * compares what everyone sent, was answered and received with the log.
 */

import type { Identity } from '../client/client.ts';
import { seeded } from '../testkit/chance.ts';
import type { Cluster } from '../testkit/cluster.ts';
import { openShop, putOnDuty, ReturningReader } from '../testkit/crew.ts';
import { isLive, orAfter, untilEveryoneHasHeard } from '../testkit/ending.ts';
import { check } from '../testkit/history.ts';
import { Recorder } from '../testkit/recorder.ts';
import type { Verdict } from '../testkit/verdict.ts';

/** Hubs on one database, behind a balancer. */
export type RunCluster = Pick<Cluster, 'url' | 'hubs' | 'urlOf' | 'whole'>;

export interface OrderOptions {
  readonly seed: number;
  readonly stores: number;
  readonly drivers: number;
  /** Open orders per store. */
  readonly windowMax: number;
  /** Parcels that a driver carries at a time. */
  readonly hands?: number;
  /** Ends the run after so many answers, or when the function no longer wants more; it gets how many were ok. */
  readonly answers: number | ((acked: number) => boolean);
  readonly settleMs: number;
  /** Disturbs the cluster until it is aborted. */
  readonly disturb?: (cluster: RunCluster, recorder: Recorder, signal: AbortSignal) => Promise<void>;
}

export interface OrderReport {
  readonly verdict: Verdict;
  readonly records: number;
  readonly acked: number;
  readonly knownAgain: number;
  readonly resets: number;
  readonly perSecond: number;
}

/** Answers until the visitors leave. */
const turn = 500;
const admin: Identity = { role: 'admin' };
/** Commands repeated at the end with the same ids, at other hubs than before. */
const repeats = 200;

export async function orderRun(cluster: RunCluster, options: OrderOptions): Promise<OrderReport> {
  const { seed, settleMs } = options;
  const recorder = new Recorder(undefined, { isSharing: true });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => recorder.closeAll());
  const { url } = cluster;
  const shops = Array.from({ length: options.stores }, (_, i) =>
    openShop(recorder, url, `store-${i}`, seeded(seed + 100 + i), options.windowMax),
  );
  for (let i = 0; i < options.drivers; i += 1) {
    putOnDuty(recorder, url, `driver-${i}`, seeded(seed + 200 + i), options.hands ?? 4);
  }
  for (const [i] of cluster.hubs.entries()) {
    recorder.connect(`log-${i}`, { url: cluster.urlOf(i), identity: admin });
  }
  const visitors = [
    new ReturningReader(recorder, url, 'visitor-log', admin),
    new ReturningReader(recorder, url, 'visitor-store', { role: 'vendor', store: 'store-0' }),
  ];
  const from = performance.now();
  const stop = new AbortController();
  const disturbing = options.disturb?.(cluster, recorder, stop.signal);
  const { answers } = options;
  const goesOn = (done: number) =>
    typeof answers === 'number' ? done < answers : answers(recorder.tally().acked);
  for (let done = 0; goesOn(done); done += turn) {
    await orAfter(
      settleMs,
      recorder.answered(typeof answers === 'number' ? Math.min(turn, answers - done) : turn),
    );
    for (const visitor of visitors) visitor.leave();
    await orAfter(settleMs, recorder.answered(50));
    for (const visitor of visitors) visitor.comeBack();
  }
  const seconds = (performance.now() - from) / 1_000;
  const { acked: ackedThen } = recorder.tally();
  stop.abort();
  await disturbing;
  await orAfter(settleMs, Promise.all(recorder.clients.map(isLive)));
  await orAfter(settleMs, Promise.all(shops.map((shop) => shop.close())));
  const tally = recorder.tally();
  await orAfter(settleMs, recorder.repeat(repeats, seeded(seed + 300)));
  await untilEveryoneHasHeard(recorder, url, settleMs);
  const { log, rows } = await cluster.whole();
  const verdict = check({ ...recorder.history(log), rows });
  const perSecond = ackedThen / seconds;
  return { verdict, records: log.length, ...tally, resets: recorder.resets, perSecond };
}
