/**
 * A load process of the scenario `jitter`: readers of a shop, each behind a network of its own that drops at random. The
 * clients are the SDK at our hub, and Socket.IO with its defaults at the lab's.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { connect } from '../../client/client.ts';
import type { Order } from '../../protocol/orders.ts';
import { ClientNetwork } from './network.ts';

export interface JitterJob {
  readonly dialect: 'lab' | 'caps';
  readonly url: string;
  readonly readers: number;
  readonly store: string;
  readonly forMs: number;
}

/** After `begin` the networks drop; the answer comes when all are mended for good and every client is back. */
export type JitterOrder = 'begin' | 'tell';
export interface JitterReport {
  /** How many orders each reader has, without repetitions. */
  readonly read: readonly number[];
  /** Orders that came more than once. */
  readonly repeated: number;
  readonly drops: number;
}

const job = JSON.parse(process.argv[2] ?? '') as JitterJob;
/** Connecting at the same time. */
const atATime = 50;
const dropMaxMs = 2_000;
const backMaxMs = 20_000;
/** With 6 s between drops on average, a network is away for a seventh of the time. */
const betweenMaxMs = 12_000;
let drops = 0;
let repeated = 0;

class Reader {
  isUp = false;
  readonly network: ClientNetwork;
  readonly #heard = new Set<string>();

  constructor(network: ClientNetwork) {
    this.network = network;
  }

  get read(): number {
    return this.#heard.size;
  }

  hear({ orderID }: Pick<Order, 'orderID'>): void {
    if (this.#heard.has(orderID)) repeated += 1;
    this.#heard.add(orderID);
  }

  async dropNowAndThen(untilMs: number): Promise<void> {
    for (;;) {
      const left = untilMs - performance.now();
      await pause(Math.max(0, Math.min(left, Math.random() * betweenMaxMs)));
      if (performance.now() >= untilMs - 1) return;
      drops += 1;
      this.network.drop();
      await pause(Math.random() * dropMaxMs);
      this.network.mend();
    }
  }
}

function openReader(reader: Reader): Promise<void> {
  const { url } = reader.network;
  return new Promise((resolve) => {
    const become = (isUp: boolean) => {
      reader.isUp = isUp;
      if (isUp) resolve();
    };
    if (job.dialect === 'caps') {
      const client = connect({ url, identity: { role: 'vendor', store: job.store } });
      client.on('state', ({ kind }) => become(kind === 'live'));
      client.on('events', ({ records }) => {
        for (const { payload } of records) reader.hear(payload);
      });
      return;
    }
    const socket = io(`${url}/caps`, { transports: ['websocket'], forceNew: true });
    socket.on('connect', () => {
      socket.emit('join', job.store);
      become(true);
    });
    socket.on('disconnect', () => become(false));
    socket.on('pickup', (order: Order) => reader.hear(order));
  });
}

function tell(): void {
  process.send?.({ read: readers.map(({ read }) => read), repeated, drops } satisfies JitterReport);
}

async function jitter(): Promise<void> {
  const until = performance.now() + job.forMs;
  await Promise.all(readers.map((reader) => reader.dropNowAndThen(until)));
  for (const deadline = performance.now() + backMaxMs; !readers.every(({ isUp }) => isUp); await pause(50)) {
    if (performance.now() > deadline) throw new Error('a reader did not come back');
  }
}

const readers: Reader[] = [];
while (readers.length < job.readers) {
  const count = Math.min(atATime, job.readers - readers.length);
  const networks = await Promise.all(Array.from({ length: count }, () => ClientNetwork.start(job.url)));
  const some = networks.map((network) => new Reader(network));
  await Promise.all(some.map(openReader));
  readers.push(...some);
}
process.on('message', (order: JitterOrder) => {
  if (order === 'begin') void jitter().then(tell);
  else tell();
});
process.once('disconnect', () => process.exit());
tell();
