/** Reads the log in PostgreSQL for a hub's index, by a connection of its own. */

import { clientConfig, LastingConnection, type Statement } from '../postgres/connection.ts';
import type { LogRow } from '../rows/rows.ts';
import type { LogRecords } from './records.ts';

/** Records per question, and characters of their texts. */
const batchBounds = { limit: 500, sizeMax: 512 * 1024 } as const;

export class PostgresRecords implements LogRecords {
  readonly head: number;
  /** A question costs a round trip. */
  readonly examinedAtOnce = 64;
  readonly #connection: LastingConnection;
  #known: number;

  /** @param head the last seq that the hub knows; see `grew` */
  constructor(url: string, head: number) {
    this.head = head;
    this.#known = head;
    this.#connection = new LastingConnection(clientConfig(url));
  }

  /**
   * The hub knows the log up to here. What is past that is not indexed: if the database loses it, nobody notices, and
   * another record takes its place.
   */
  grew(seq: number): void {
    this.#known = seq;
  }

  batch(seq: number): Promise<readonly LogRow[]> {
    return this.#rows({
      name: 'records-batch',
      text: `SELECT * FROM (
          SELECT *, sum(length(text)) OVER (ORDER BY seq) - length(text) AS before FROM (
            SELECT * FROM log WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3) AS batch) AS sized
        WHERE before < $4 ORDER BY seq`,
      values: [seq, this.#known, batchBounds.limit, batchBounds.sizeMax],
    });
  }

  after(seq: number, limit: number): Promise<readonly LogRow[]> {
    return this.#rows({
      name: 'records-after',
      text: 'SELECT * FROM log WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3',
      values: [seq, this.#known, limit],
    });
  }

  at(seqs: readonly number[]): Promise<readonly LogRow[]> {
    return this.#rows({
      name: 'records-at',
      text: 'SELECT * FROM log WHERE seq = ANY ($1::bigint[])',
      values: [seqs],
    });
  }

  async #rows(statement: Statement): Promise<readonly LogRow[]> {
    const connection = await this.#connection.get();
    try {
      const [rows = []] = await connection.all([statement]);
      return rows as LogRow[];
    } catch (error) {
      this.#connection.drop(connection);
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}
