/** A shop at one hub and a reader of the log at the other: how a record gets there when its ring is lost, or is a lie. */

import { type Client, connect } from '../client/client.ts';
import { uuidv7 } from '../protocol/ids.ts';
import { channel } from '../server/store/postgres/bell.ts';
import type { Cluster } from '../testkit/cluster.ts';
import { isLive } from '../testkit/ending.ts';

/** What no hub rings: no number, or none that the log will ever reach. */
export const lies: readonly string[] = [
  ...['', 'not a number', '-1', '1e99', 'NaN', '0', '1', '9'.repeat(400)],
  '999999999999999',
];

export class Pair {
  readonly shop: Client;
  readonly reader: Client;
  readonly seqs: number[] = [];
  readonly #hearMs: number;
  readonly #heard = new Map<string, () => void>();
  #orders = 0;
  /** An order that another pair has sent would be no news. */
  readonly #name = uuidv7();

  /** @param hearMs after so long a record counts as lost */
  constructor(cluster: Cluster, hearMs = 30_000) {
    this.#hearMs = hearMs;
    this.shop = connect({ url: cluster.urlOf(0), identity: { role: 'vendor', store: 'red' } });
    this.reader = connect({ url: cluster.urlOf(1), identity: { role: 'admin' } });
    this.reader.on('events', ({ records }) => {
      for (const { seq, payload } of records) {
        this.seqs.push(seq);
        this.#heard.get(payload.orderID)?.();
      }
    });
  }

  /**
   * @returns milliseconds from the answer at one hub to the record at the other, the slowest last
   * @throws Error if a record is not heard in time
   */
  async deliver(count: number): Promise<number[]> {
    await Promise.all([isLive(this.shop), isLive(this.reader)]);
    const took: number[] = [];
    for (let i = 0; i < count; i += 1) took.push(await this.#deliver());
    return took.sort((a, b) => a - b);
  }

  async #deliver(): Promise<number> {
    this.#orders += 1;
    const orderID = `${this.#name}-${this.#orders}`;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#heard.set(orderID, resolve);
    const payload = { store: 'red', orderID, customer: 'Hulda', address: '1 Long Road' };
    const answer = await this.shop.command({ event: 'pickup', payload });
    if (!answer.ok) throw new Error(`order ${orderID} was refused: ${answer.error.code}`);
    const from = performance.now();
    const words = `order ${orderID} was not heard of at the other hub within ${this.#hearMs} ms`;
    const timer = setTimeout(() => reject(new Error(words)), this.#hearMs);
    await promise.finally(() => clearTimeout(timer));
    return performance.now() - from;
  }

  close(): void {
    this.shop.close();
    this.reader.close();
  }
}

/** Times at which the second hub's connections break, and with them what listens. */
const breaks = 5;

/**
 * @param cluster two hubs, wired
 * @param fault what happens to the rings of NOTIFY
 * @returns milliseconds from the answer to the record, the slowest last
 * @throws Error if a record is not heard in time
 */
export async function ringsRun(
  cluster: Cluster,
  fault: 'lost' | 'lying',
  hearMs?: number,
): Promise<readonly number[]> {
  const pair = new Pair(cluster, hearMs);
  try {
    // While nothing happens to them, any hub passes.
    await pair.deliver(5);
    const took: number[] = [];
    if (fault === 'lost') {
      for (let i = 0; i < breaks; i += 1) {
        cluster.wires[1]?.sever();
        took.push(...(await pair.deliver(1)));
      }
    } else {
      const { server, databaseUrl } = cluster;
      const database = new URL(databaseUrl).pathname.slice(1);
      for (const lie of lies) await server.query(database, `SELECT pg_notify('${channel}', '${lie}')`);
      took.push(...(await pair.deliver(10)));
    }
    return took.sort((a, b) => a - b);
  } finally {
    pair.close();
  }
}
