/**
 * The network between one hub and its database lets nothing pass, one way or both ways, while the hub's clients stay with
 * it. It must refuse them in words, hold nobody else up, and go on when the network is back.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../client/client.ts';
import type { Cluster } from '../testkit/cluster.ts';
import type { Partition } from '../testkit/database-wire.ts';
import { isLive } from '../testkit/ending.ts';
import type { Recorder } from '../testkit/recorder.ts';
import { inWords } from '../testkit/verdict.ts';
import { type OrderReport, orderRun } from './order-run.ts';
import { placeAt, type Refusal, recoveryMaxMs, recoveryMs, untilReady } from './readiness.ts';

export interface PartitionReport extends OrderReport {
  /** What the hub that is cut off says to requests, without doubles. */
  readonly refusals: readonly Refusal[];
  /** Milliseconds until the other hubs record. */
  readonly othersMs: number;
  /** Milliseconds until the hub that is cut off says that it is not ready. */
  readonly unreadyMs: number;
  /** Whether a client of that hub was connected to it all the time. */
  readonly hasKeptClient: boolean;
  /** Milliseconds from the network's return until all hubs are ready and record. */
  readonly recoveryMs: number;
}

/** What is wrong with a run, in words. */
export function faultsOf(report: PartitionReport): string[] {
  const { verdict, refusals, hasKeptClient, othersMs, recoveryMs } = report;
  const isTrue = ({ code, detail }: Refusal) => ['unavailable', 'busy'].includes(code) && detail !== '';
  const faults = [
    inWords(verdict),
    ...refusals.filter((one) => !isTrue(one)).map((one) => JSON.stringify(one)),
  ];
  if (!hasKeptClient) faults.push('the hub has lost its client');
  if (refusals.length === 0) faults.push('nobody was refused');
  for (const ms of [othersMs, recoveryMs]) if (!(ms < 2 * recoveryMaxMs)) faults.push(`it took ${ms} ms`);
  return faults.filter((fault) => fault !== '');
}

/** Requests begin so often at the hub that is cut off. */
const askMs = 250;
const store = 'cut-off';

/** @param cluster three hubs, wired, of which the first is cut off */
export async function partitionRun(
  cluster: Cluster,
  partition: Partition,
  seed: number,
): Promise<PartitionReport> {
  const [wire] = cluster.wires;
  if (!wire) throw new Error('the cluster is not wired');
  const own = connect({ url: cluster.urlOf(0), identity: { role: 'vendor', store: 'stays' } });
  let hasKeptClient = true;
  const refusals = new Map<string, Refusal>();
  let [othersMs, unreadyMs, tookMs] = [0, 0, 0];
  let isOver = false;
  const { verdict, ...numbers } = await orderRun(cluster, {
    ...{ seed, stores: 4, drivers: 4, windowMax: 4, settleMs: 60_000 },
    answers: () => !isOver,
    async disturb(_, recorder) {
      try {
        recorder.connect(store, { url: cluster.url, identity: { role: 'vendor', store } });
        await isLive(own);
        own.on('state', ({ kind }) => {
          hasKeptClient &&= kind === 'live' || kind === 'closed';
        });
        await recorder.answered(100);
        const from = performance.now();
        wire.hold(partition);
        const recorded = Promise.all(
          [1, 2].map((hub) => untilRecorded(cluster.urlOf(hub), recorder, `other-${hub}`)),
        ).then(() => {
          othersMs = performance.now() - from;
        });
        const unready = untilReady(cluster, [503, 200, 200]).then(() => {
          unreadyMs = performance.now() - from;
        });
        const { answered } = await untilRefused(cluster.urlOf(0), recorder, refusals);
        await Promise.all([recorded, unready]);
        const back = performance.now();
        wire.release();
        await recoveryMs(cluster, recorder);
        tookMs = performance.now() - back;
        await answered;
      } finally {
        wire.release();
        own.close();
        isOver = true;
      }
    },
  });
  return {
    ...{ verdict, ...numbers, refusals: [...refusals.values()], othersMs, unreadyMs, hasKeptClient },
    recoveryMs: tookMs,
  };
}

/** They may be busy while the hub that is cut off has the head. */
async function untilRecorded(url: string, recorder: Recorder, orderID: string): Promise<void> {
  while (await placeAt(url, recorder, store, orderID)) await pause(askMs);
}

/** Sends orders until one is refused. @returns when all of them are answered */
async function untilRefused(
  url: string,
  recorder: Recorder,
  refusals: Map<string, Refusal>,
): Promise<{ answered: Promise<unknown> }> {
  const requests: Promise<void>[] = [];
  const ask = async (orderID: string): Promise<void> => {
    const refusal = await placeAt(url, recorder, store, orderID);
    if (refusal) refusals.set(`${refusal.code} ${refusal.detail}`, refusal);
  };
  for (let i = 0; refusals.size === 0; i += 1) {
    requests.push(ask(`own-${i}`));
    await pause(askMs);
  }
  return { answered: Promise.all(requests) };
}
