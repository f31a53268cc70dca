/**
 * Watches the head of a log that other hubs append to as well: reads it ten times a second, and when a bell rings.
 * Every look also checks that the log still has the last record that this hub knows. A database that was restored, or
 * a standby that took over without the last moments, does not: then the log gets a new epoch, so that no cursor goes on
 * from a number that means something else now.
 */

import type { ClientConfig } from 'pg';
import type { Row } from '../row.ts';
import type { GrowthListener, LogGrowth } from '../store.ts';
import type { Bell } from './bell.ts';
import type { HeadRow } from './commit.ts';
import { type Connection, ConnectionError, LastingConnection } from './connection.ts';
import { renameLog } from './schema.ts';
import * as sql from './statements.ts';

/** How late a record of another hub is heard of, if its ring was lost. */
const pollMs = 100;

/** A record that this hub knows, and has perhaps told its clients. */
export interface KnownRecord {
  readonly seq: number;
  /** Undefined for the place before the first record. */
  readonly crc: number | undefined;
}

export interface GrowthOptions {
  readonly config: ClientConfig;
  readonly bell: Bell;
  readonly epoch: string;
  readonly known: KnownRecord;
  readonly onKnown?: ((known: KnownRecord) => void) | undefined;
}

interface LatestHeadRow extends HeadRow {
  readonly last_crc: number | null;
}

export class Growth implements LogGrowth {
  readonly #connection: LastingConnection;
  readonly #bell: Bell;
  readonly #epoch: string;
  readonly #onKnown: ((known: KnownRecord) => void) | undefined;
  #known: KnownRecord;
  #listener: GrowthListener | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isReplaced = false;
  #isClosed = false;

  constructor({ config, bell, epoch, known, onKnown }: GrowthOptions) {
    this.#connection = new LastingConnection(config);
    this.#bell = bell;
    this.#epoch = epoch;
    this.#known = known;
    this.#onKnown = onKnown;
  }

  get known(): KnownRecord {
    return this.#known;
  }

  watch(listener: GrowthListener): void {
    this.#listener = listener;
    this.#bell.listen((seq) => {
      // Own rings come back. A lie costs one look.
      if (seq > this.#known.seq) listener.grown();
    });
    void this.#poll();
  }

  /** This hub has appended these rows. */
  wrote(rows: readonly Row[], crc: number | undefined): void {
    const last = rows.at(-1);
    if (!last) return;
    this.#know({ seq: last.seq, crc });
    this.#bell.ring(last.seq);
  }

  /** Whether a head that was just read is of the log that this hub knows; see `check`. */
  isOurs(head: HeadRow, asked: KnownRecord): boolean {
    const hasKnown = asked.seq === 0 || (head.seq >= asked.seq && head.known_crc === (asked.crc ?? null));
    return head.standby !== true && head.epoch === this.#epoch && hasKnown;
  }

  /**
   * Checks a head that was just read.
   * @param asked the record whose checksum it contains
   * @throws ConnectionError if it is not the head of the log that this hub knows
   */
  async check(connection: Connection, head: HeadRow, asked: KnownRecord): Promise<void> {
    if (this.isOurs(head, asked)) return;
    if (head.standby === true) throw new ConnectionError(new Error('this is a standby'));
    if (head.epoch !== this.#epoch) throw this.#replaced('another hub has found that it lost its end');
    await renameLog(connection, this.#epoch);
    throw this.#replaced(`the database has lost record ${asked.seq}, or it has another one in its place`);
  }

  #replaced(reason: string): ConnectionError {
    if (!this.#isReplaced) {
      this.#isReplaced = true;
      setImmediate(() => this.#listener?.replaced(reason));
    }
    return new ConnectionError(new Error(reason));
  }

  #know(known: KnownRecord): void {
    if (known.seq < this.#known.seq) return;
    this.#known = known;
    this.#onKnown?.(known);
  }

  async #poll(): Promise<void> {
    try {
      const connection = await this.#connection.get();
      const asked = this.#known;
      const [rows = []] = await connection.all([sql.watchHead(asked.seq)]);
      const [head] = rows as LatestHeadRow[];
      if (!head) throw new Error('the log has lost its head');
      await this.check(connection, head, asked);
      if (head.seq > asked.seq) {
        this.#know({ seq: head.seq, crc: head.last_crc ?? undefined });
        this.#listener?.grown();
      }
    } catch {
      // Commits and reads report it. The next look is with a new connection.
      this.#connection.drop();
    }
    if (!this.#isClosed && !this.#isReplaced) this.#timer = setTimeout(() => void this.#poll(), pollMs);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await Promise.all([this.#bell.close(), this.#connection.close()]);
  }
}
