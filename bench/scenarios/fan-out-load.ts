/** A load process of the scenario `fan-out`: drivers who hear of every offer, and the shop that sends them. */

import { setTimeout as pause } from 'node:timers/promises';
import { openThinClient } from '../thin-client.ts';
import { openFrameReader } from './frame-reader.ts';
import { mustAll, pickupOf, shopName } from './orders.ts';

export interface FanOutJob {
  readonly url: string;
  readonly readers: number;
  /** Offers sent one by one. */
  readonly single: number;
  /** Offers under way at a time in the stream that follows. */
  readonly batch: number;
  readonly forMs: number;
}

export interface FanOutReport {
  /** From sending an offer until the last reader has it. */
  readonly singleMs: readonly number[];
  readonly stream: { readonly deliveries: number; readonly events: number; readonly ms: number };
}

const job = JSON.parse(process.argv[2] ?? '') as FanOutJob;
const atATime = 50;
const warmUpMs = 1_000;
const heardMaxMs = 30_000;
const shop = await openThinClient(job.url, { protocol: 1, role: 'vendor', store: shopName(0) });
let deliveries = 0;
let sent = 0;
let wanted = Number.POSITIVE_INFINITY;
let onAll = () => {};

function onFrame(feed: string, prev: number, upTo: number): void {
  if (feed !== 'board') return;
  deliveries += upTo - prev;
  if (deliveries >= wanted) onAll();
}

async function publish(count: number): Promise<void> {
  const offers = Array.from({ length: count }, (_, i) => pickupOf(0, sent + i));
  sent += count;
  mustAll(await shop.commands(offers));
}

/** Resolves when every reader has every offer that was sent. */
function allHeard(): Promise<void> {
  const all = new Promise<void>((resolve) => {
    wanted = sent * job.readers;
    onAll = resolve;
    if (deliveries >= wanted) resolve();
  });
  const late = pause(heardMaxMs, undefined, { ref: false }).then(() => {
    throw new Error(`of ${wanted} deliveries ${deliveries} were made`);
  });
  return Promise.race([all, late]);
}

async function sendSingly(): Promise<number[]> {
  const tookMs: number[] = [];
  for (let n = 0; n < job.single; n += 1) {
    const begin = performance.now();
    await publish(1);
    await allHeard();
    tookMs.push(performance.now() - begin);
  }
  // The first ones meet cold code.
  return tookMs.slice(Math.floor(job.single / 10));
}

async function sendStream(): Promise<FanOutReport['stream']> {
  let isOpen = true;
  const loop = async () => {
    while (isOpen) await publish(job.batch);
  };
  const all = loop();
  await pause(warmUpMs);
  const from = { deliveries, sent, ms: performance.now() };
  await pause(job.forMs);
  const stream = {
    deliveries: deliveries - from.deliveries,
    events: sent - from.sent,
    ms: performance.now() - from.ms,
  };
  isOpen = false;
  await all;
  await allHeard();
  return stream;
}

for (let from = 0; from < job.readers; from += atATime) {
  const some = Array.from({ length: Math.min(atATime, job.readers - from) }, (_, i) =>
    openFrameReader(job.url, { protocol: 1, role: 'driver', driver: `driver-${from + i}` }, onFrame),
  );
  await Promise.all(some);
}
process.once('disconnect', () => process.exit());
process.once('message', async () => {
  process.send?.({ singleMs: await sendSingly(), stream: await sendStream() } satisfies FanOutReport);
});
process.send?.('ready');
