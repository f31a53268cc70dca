/** Rings through Redis pub/sub. A Redis that is away costs nothing but time: each hub also looks on its own. */

import { createClient } from 'redis';
import { type Bell, channel, RingQueue, seqInRing } from './bell.ts';

/** Longest delay between two attempts to reach Redis. */
const againMaxMs = 2_000;

export interface RedisBellOptions {
  /** As in REDIS_URL. */
  readonly url: string;
  readonly onFault: (error: unknown, what: string) => void;
  readonly onMended: (what: string) => void;
}

const redisAway = 'Redis does not answer; other hubs are heard of a moment later';

export class RedisBell implements Bell {
  readonly #sender: ReturnType<typeof createClient>;
  readonly #receiver: ReturnType<typeof createClient>;
  readonly #rings: RingQueue;

  constructor({ url, onFault, onMended }: RedisBellOptions) {
    const reconnectStrategy = (tries: number) => Math.min(50 * 2 ** tries, againMaxMs);
    const options = { url, socket: { reconnectStrategy, connectTimeout: 2_000 }, disableOfflineQueue: true };
    this.#sender = createClient(options);
    this.#receiver = createClient({ ...options, disableOfflineQueue: false });
    for (const client of [this.#sender, this.#receiver]) {
      client.on('error', (error: unknown) => onFault(error, redisAway));
      client.on('ready', () => onMended(redisAway));
      client.connect().catch(() => {});
    }
    this.#rings = new RingQueue(async (seq) => {
      await this.#sender.publish(channel, String(seq));
    });
  }

  ring(seq: number): void {
    this.#rings.add(seq);
  }

  listen(rung: (seq: number) => void): void {
    const hear = (text: string) => {
      const seq = seqInRing(text);
      if (seq !== undefined) rung(seq);
    };
    this.#receiver.subscribe(channel, hear).catch(() => {});
  }

  async close(): Promise<void> {
    for (const client of [this.#sender, this.#receiver]) client.destroy();
  }
}
