/** A thousand clients whose networks drop now and then, at our hub and at the lab's at the same time. */

import { setTimeout as pause } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { connect } from '../../client/client.ts';
import type { Order } from '../../protocol/orders.ts';
import { startHub } from '../../testkit/hub-process.ts';
import { Helper } from '../helper.ts';
import { median } from '../load-process.ts';
import type { JitterJob, JitterOrder, JitterReport } from './jitter-load.ts';
import { orderOf, shopName } from './orders.ts';
import { atMost, grouped, inMs, type Scenario } from './scenario.ts';

const usualReaders = 1_000;
const usualForMs = 60_000;
const everyMs = 200;
const openMaxMs = 120_000;
const backMaxMs = 60_000;
/** No more orders arrive once none has for this long. A client of ours may first have to miss the hub's pings. */
const quietMs = { caps: 25_000, lab: 3_000 };
const lookEveryMs = 200;

interface Loss {
  readonly sent: number;
  /** Of each reader. */
  readonly missing: readonly number[];
  readonly report: JitterReport;
  /** From the last order until everybody had it, or nothing more came. */
  readonly lastMs: number;
}

export const jitter: Scenario = {
  name: 'jitter',
  async run(share) {
    const readers = Math.ceil(usualReaders * share);
    const forMs = usualForMs * share;
    const [ours, theirs] = await Promise.all([
      measure('caps', readers, forMs),
      measure('lab', readers, forMs),
    ]);
    const most = Math.max(...ours.missing);
    return [
      {
        what: `jitter: ${grouped(readers)} clients, the network of each drops for 0–2 s at random for ${forMs / 1_000} s, ${grouped(ours.report.drops)} drops, an order every ${everyMs} ms`,
        measured: `${lossOf(ours)}; ${grouped(ours.report.repeated)} came twice; the last had everything ${inMs(ours.lastMs)} after the last order`,
        beside: `Socket.IO with its defaults at the lab’s hub: ${lossOf(theirs)}; ${grouped(theirs.report.drops)} drops`,
        goals: [
          atMost('missing at any client', most, 0, ''),
          atMost('came twice', ours.report.repeated, 0, ''),
        ],
      },
    ];
  },
};

async function measure(dialect: JitterJob['dialect'], readers: number, forMs: number): Promise<Loss> {
  const env = { CAPS_CONNECTIONS: 'off' };
  const hub = await startHub(dialect === 'lab' ? { script: 'bench/lab-hub.ts' } : { env });
  const job = { dialect, url: hub.url, readers, store: shopName(0), forMs } satisfies JitterJob;
  const load = new Helper('scenarios/jitter-load.ts', [JSON.stringify(job)]);
  const shop = dialect === 'lab' ? await labShop(hub.url) : ourShop(hub.url);
  let sent = 0;
  const send = () => {
    shop.send(orderOf(0, sent));
    sent += 1;
  };
  let sending: ReturnType<typeof setInterval> | undefined;
  try {
    await load.next(openMaxMs);
    sending = setInterval(send, everyMs);
    load.send('begin' satisfies JitterOrder);
    await load.next(forMs + backMaxMs);
    clearInterval(sending);
    // Everybody is back: this one arrives.
    send();
    const end = Date.now();
    let last = 0;
    for (let quietAt = end + quietMs[dialect]; ; await pause(lookEveryMs)) {
      load.send('tell' satisfies JitterOrder);
      const report = await load.next<JitterReport>(openMaxMs);
      const sum = report.read.reduce((all, read) => all + read, 0);
      if (sum > last) quietAt = Date.now() + quietMs[dialect];
      last = sum;
      if (sum === sent * readers || Date.now() > quietAt) {
        const missing = report.read.map((read) => sent - read);
        return { sent, missing, report, lastMs: Date.now() - end };
      }
    }
  } finally {
    clearInterval(sending);
    shop.close();
    load.end();
    await hub.dispose();
  }
}

interface Shop {
  send(order: Order): void;
  close(): void;
}

function ourShop(url: string): Shop {
  const client = connect({ url, identity: { role: 'vendor', store: shopName(0) } });
  return {
    send: (payload) => void client.command({ event: 'pickup', payload }),
    close: () => client.close(),
  };
}

async function labShop(url: string): Promise<Shop> {
  const socket: Socket = io(`${url}/caps`, { transports: ['websocket'] });
  await new Promise<void>((resolve) => void socket.once('connect', resolve));
  return { send: (order) => void socket.emit('pickup', order), close: () => void socket.close() };
}

function lossOf({ sent, missing }: Loss): string {
  const sum = missing.reduce((all, count) => all + count, 0);
  const share = (100 * sum) / (sent * missing.length);
  return `${(sum / missing.length).toFixed(1)} of ${sent} events missing per client (median ${median(missing)}, most ${Math.max(...missing)}), ${share.toFixed(1)} %`;
}
