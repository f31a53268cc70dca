/**
 * A load process: shops and drivers, in pairs, that live whole lives of parcels, a batch at a time, with little work for
 * each; and logs that read them all.
 */

import { openThinClient } from '../thin-client.ts';
import { openFrameReader } from './frame-reader.ts';
import { mustAll, pickupOf, shopName, stepOf } from './orders.ts';

export interface LivesJob {
  readonly url: string;
  readonly pairs: number;
  readonly logs: number;
  readonly batch: number;
  /** Ends by itself after so many parcels; without it, when it is told to. */
  readonly parcels?: number;
}

/** `tell` asks for a report; `stop` too, once all begun lives have ended. */
export type LivesOrder = 'begin' | 'tell' | 'stop';
export interface LivesReport {
  /** Answered with success. */
  readonly acked: number;
  /** Read by the log that has read the least. */
  readonly read: number;
}

const job = JSON.parse(process.argv[2] ?? '') as LivesJob;
const { url, batch } = job;
const read = Array.from({ length: job.logs }, () => 0);
let acked = 0;
let begun = 0;
let isOpen = true;

async function openPair(pair: number): Promise<() => Promise<void>> {
  const shop = await openThinClient(url, { protocol: 1, role: 'vendor', store: shopName(pair) });
  const driver = await openThinClient(url, { protocol: 1, role: 'driver', driver: `driver-${pair}` });
  return async () => {
    while (isOpen && begun < (job.parcels ?? Number.POSITIVE_INFINITY)) {
      const ids = Array.from({ length: batch }, (_, i) => begun + i);
      begun += batch;
      mustAll(await shop.commands(ids.map((n) => pickupOf(pair, n))));
      acked += batch;
      for (const event of ['in-transit', 'delivered'] as const) {
        mustAll(await driver.commands(ids.map((n) => stepOf(event, pair, n))));
        acked += batch;
      }
    }
  };
}

function tell(): void {
  process.send?.({ acked, read: Math.min(...read) } satisfies LivesReport);
}

const openings = read.map((_, i) =>
  openFrameReader(url, { protocol: 1, role: 'admin' }, (_feed, prev, upTo) => {
    read[i] = (read[i] ?? 0) + upTo - prev;
  }),
);
await Promise.all(openings);
const lives = await Promise.all(Array.from({ length: job.pairs }, (_, pair) => openPair(pair)));
let all: Promise<unknown> = Promise.resolve();
process.on('message', (order: LivesOrder) => {
  if (order === 'begin') {
    all = Promise.all(lives.map((live) => live()));
    if (job.parcels !== undefined) void all.then(tell);
  } else if (order === 'tell') tell();
  else {
    isOpen = false;
    void all.then(tell);
  }
});
process.once('disconnect', () => process.exit());
tell();
