/**
 * Watches the head of a log that other hubs append to as well: reads it ten times a second, and when a bell rings.
 * Every look also checks that the log still has the last record that this hub knows. A database that was restored, or
 * a standby that took over without the last moments, does not: then the log gets a new epoch, so that no cursor goes on
 * from a number that means something else now.
 */

import type { ClientConfig } from 'pg';
import type { GrowthListener, LogGrowth } from '../growth.ts';
import type { Row } from '../row.ts';
import type { Bell } from './bell.ts';
import type { HeadRow, LatestHeadRow } from './commit.ts';
import { type Connection, ConnectionError, LastingConnection } from './connection.ts';
import { renameLog } from './schema.ts';
import * as sql from './statements.ts';

/** How late a record of another hub is heard of, if its ring was lost. */
const pollMs = 100;

/** A look that takes longer says that the database stands still. */
const lookMs = 2_000;

/** A record that this hub knows, and has perhaps told its clients. */
export interface KnownRecord {
  readonly seq: number;
  /** Null for the place before the first record. */
  readonly crc: number | null;
}

export interface GrowthOptions {
  readonly config: ClientConfig;
  readonly bell: Bell;
  readonly epoch: string;
  /** Of the epoch: an older copy of the log has a lower one. */
  readonly generation: number;
  readonly known: KnownRecord;
  /** Called before anybody is told of the record. */
  readonly onKnown?: ((known: KnownRecord) => void) | undefined;
}

export class Growth implements LogGrowth {
  readonly #connection: LastingConnection;
  readonly #bell: Bell;
  readonly #epoch: string;
  readonly #generation: number;
  readonly #onKnown: ((known: KnownRecord) => void) | undefined;
  #known: KnownRecord;
  /** The last seq that the listener has been told of, or has written. */
  #toldSeq: number;
  #listener: GrowthListener | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isReplaced = false;
  #isClosed = false;

  constructor({ config, bell, epoch, generation, known, onKnown }: GrowthOptions) {
    this.#connection = new LastingConnection(config);
    this.#bell = bell;
    this.#epoch = epoch;
    this.#generation = generation;
    this.#known = known;
    this.#toldSeq = known.seq;
    this.#onKnown = onKnown;
  }

  get known(): KnownRecord {
    return this.#known;
  }

  watch(listener: GrowthListener): void {
    this.#listener = listener;
    this.#bell.listen((seq) => {
      // Own rings come back. A lie costs one look.
      if (seq > this.#toldSeq) listener.grown();
    });
    void this.#poll();
  }

  /** This hub has appended these rows. */
  wrote(rows: readonly Row[], crc: number | null): void {
    const last = rows.at(-1);
    if (!last) return;
    this.know({ seq: last.seq, crc });
    this.#toldSeq = Math.max(this.#toldSeq, last.seq);
    this.#bell.ring(last.seq);
  }

  /** Whether a head that was just read is of the log that this hub knows; see `check`. */
  isOurs(head: HeadRow, asked: KnownRecord): boolean {
    const hasKnown = asked.seq === 0 || (head.seq >= asked.seq && head.known_crc === asked.crc);
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
    const isOlder = head.generation < this.#generation;
    if (head.epoch !== this.#epoch && !isOlder)
      throw this.#replaced('another hub has found that it lost its end');
    await renameLog(connection, head.epoch, this.#generation);
    const found = isOlder
      ? 'is an older copy'
      : `has lost record ${asked.seq}, or it has another one in its place`;
    throw this.#replaced(`the database ${found}`);
  }

  #replaced(reason: string): ConnectionError {
    if (!this.#isReplaced) {
      this.#isReplaced = true;
      setImmediate(() => this.#listener?.replaced(reason));
    }
    return new ConnectionError(new Error(reason));
  }

  /** The log has this record. */
  know(known: KnownRecord): void {
    if (known.seq <= this.#known.seq || this.#isClosed) return;
    this.#known = known;
    this.#onKnown?.(known);
  }

  async #poll(): Promise<void> {
    const late = setTimeout(() => this.#listener?.away(), lookMs);
    try {
      const connection = await this.#connection.get();
      const asked = this.#known;
      const [rows = []] = await connection.all([sql.readHead(asked.seq)]);
      const [head] = rows as LatestHeadRow[];
      if (!head) throw new Error('the log has lost its head');
      await this.check(connection, head, asked);
      this.know({ seq: head.seq, crc: head.last_crc });
      if (head.seq > this.#toldSeq) {
        this.#toldSeq = head.seq;
        this.#listener?.grown();
      }
    } catch {
      // Commits and reads report it. The next look is with a new connection.
      this.#connection.drop();
      if (!this.#isClosed && !this.#isReplaced) this.#listener?.away();
    } finally {
      clearTimeout(late);
    }
    if (!this.#isClosed && !this.#isReplaced) this.#timer = setTimeout(() => void this.#poll(), pollMs);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await Promise.all([this.#bell.close(), this.#connection.close()]);
  }
}
