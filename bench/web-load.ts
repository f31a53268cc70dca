/** Process with the live load of web.bench.ts: whole lives of parcels at a rate of events per second. */

import { type Client, connect } from '../client/client.ts';
import type { EventName } from '../protocol/events.ts';

export interface WebLoadJob {
  readonly url: string;
  readonly eventsPerSecond: number;
}

/** Sent once a second: the latencies of the acks since the last report. */
export interface WebLoadReport {
  readonly ackMs: readonly number[];
}

const tickMs = 50;
const steps: readonly EventName[] = ['pickup', 'claimed', 'in-transit', 'delivered'];

const { url, eventsPerSecond } = JSON.parse(process.argv[2] ?? '') as WebLoadJob;
const store = 'live-flowers';
const shop = connect({ url, identity: { role: 'vendor', store }, after: undefined });
const driver = connect({ url, identity: { role: 'driver', driver: 'live' } });
const perTick = Math.round((eventsPerSecond * tickMs) / 1_000 / steps.length);
const run = Date.now().toString(36);
let ackMs: number[] = [];
let tick = 0;

function send(client: Client, event: EventName, ofTick: number): void {
  for (let i = 0; i < perTick; i += 1) {
    const key = { store, orderID: `${run}-${ofTick}-${i}` };
    const payload =
      event === 'pickup' ? { ...key, customer: 'Hulda Sophie Parker', address: '835 Meluk Pass' } : key;
    const sent = performance.now();
    void client.command({ event, payload } as Parameters<Client['command']>[0]).then((answer) => {
      if (answer.ok) ackMs.push(performance.now() - sent);
    });
  }
}

/** Takes each step a few ticks after the previous one, so that its answer has arrived. */
const apart = 6;
const begin = performance.now();
setInterval(() => {
  // Sends all that is due, even if this process is late.
  for (const due = (performance.now() - begin) / tickMs; tick < due; ) {
    tick += 1;
    for (const [step, event] of steps.entries()) {
      const ofTick = tick - step * apart;
      if (ofTick > 0) send(event === 'pickup' ? shop : driver, event, ofTick);
    }
  }
}, tickMs);
setInterval(() => {
  process.send?.({ ackMs } satisfies WebLoadReport);
  ackMs = [];
}, 1_000);
process.once('disconnect', () => process.exit());
