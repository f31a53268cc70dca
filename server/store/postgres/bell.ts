/**
 * Tells other hubs that the log has grown. A ring says up to where, nothing else; it may come late, twice, wrong or not
 * at all. It is sent after the commit: a NOTIFY inside of it would hold a lock of the whole server over the sync.
 */

import type { ClientConfig } from 'pg';
import { LastingConnection } from './connection.ts';

export interface Bell {
  /** The log has grown up to this seq. Never waits. */
  ring(seq: number): void;
  /** @param rung called with the seq of each ring, also of own ones */
  listen(rung: (seq: number) => void): void;
  close(): Promise<void>;
}

export const channel = 'caps_log';

/** @returns undefined for anything but a seq */
export function seqInRing(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Sends one ring at a time; of those that come meanwhile, the last. */
export class RingQueue {
  readonly #send: (seq: number) => Promise<void>;
  #waiting = 0;
  #isSending = false;

  constructor(send: (seq: number) => Promise<void>) {
    this.#send = send;
  }

  add(seq: number): void {
    this.#waiting = Math.max(this.#waiting, seq);
    if (!this.#isSending) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting > 0) {
      const seq = this.#waiting;
      this.#waiting = 0;
      // A lost ring is healed by the next look.
      await this.#send(seq).catch(() => {});
    }
    this.#isSending = false;
  }
}

/** Interval of looks whether the connection is there: whoever only listens does not notice that it is lost. */
const lookMs = 1_000;

/** PostgreSQL's LISTEN and NOTIFY, on a connection of its own. */
export class PostgresBell implements Bell {
  readonly #connection: LastingConnection;
  readonly #rings: RingQueue;
  #rung: ((seq: number) => void) | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(config: ClientConfig) {
    this.#connection = new LastingConnection(config, async (connection, client) => {
      client.on('notification', ({ payload }) => {
        const seq = seqInRing(payload);
        if (seq !== undefined) this.#rung?.(seq);
      });
      await connection.script(`LISTEN ${channel}`);
    });
    this.#rings = new RingQueue(async (seq) => {
      await this.#run('SELECT pg_notify($1, $2)', [channel, String(seq)]);
    });
  }

  async #run(text: string, values: readonly string[] = []): Promise<void> {
    const connection = await this.#connection.get();
    try {
      await connection.run(text, values);
    } catch (error) {
      this.#connection.drop(connection);
      throw error;
    }
  }

  ring(seq: number): void {
    this.#rings.add(seq);
  }

  listen(rung: (seq: number) => void): void {
    this.#rung = rung;
    const look = async (): Promise<void> => {
      // Commits and reads report what is wrong.
      await this.#run('SELECT 1').catch(() => {});
      if (!this.#isClosed) this.#again = setTimeout(() => void look(), lookMs);
    };
    void look();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#again);
    await this.#connection.close();
  }
}
