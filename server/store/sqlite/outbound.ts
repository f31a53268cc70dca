/** What is sent to others, in the SQLite file. */

import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { OutboundChange, OutboundText, OutboundWriteOptions, StoredOutbound } from '../outbound.ts';
import type { Damages } from '../rows/damage.ts';
import { sumOf } from '../rows/rows.ts';
import { DamagedError } from '../store.ts';

type OutboundRow = OutboundText & { readonly topic: string; readonly crc: number | null };

/** As damage is named. */
export const outboundName = 'what is sent to others';

export class SqliteOutbound implements StoredOutbound {
  readonly #db: DatabaseSync;
  readonly #list: StatementSync;
  readonly #find: StatementSync;
  readonly #count: StatementSync;
  readonly #put: StatementSync;
  readonly #forget: StatementSync;
  readonly #damage: Damages;

  constructor(db: DatabaseSync, damage: Damages) {
    this.#db = db;
    this.#list = db.prepare('SELECT * FROM outbound WHERE topic = ? AND id > ? ORDER BY id LIMIT ?');
    this.#find = db.prepare('SELECT * FROM outbound WHERE topic = ? AND id = ?');
    this.#count = db.prepare('SELECT count(*) AS count FROM outbound WHERE topic = ?');
    this.#put = db.prepare('INSERT OR REPLACE INTO outbound (topic, id, text, crc) VALUES (?, ?, ?, ?)');
    this.#forget = db.prepare('DELETE FROM outbound WHERE topic = ? AND id = ?');
    this.#damage = damage;
  }

  /** Leaves out damaged ones. */
  async list(
    topic: string,
    { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly OutboundText[]> {
    return this.#list
      .all(topic, after, limit)
      .map(outboundRowOf)
      .filter((row) => this.#isSound(row))
      .map(({ id, text }) => ({ id, text }));
  }

  async find(topic: string, id: string): Promise<string | undefined> {
    return this.#textOf(topic, id);
  }

  async count(topic: string): Promise<number> {
    return Number(this.#count.get(topic)?.['count']);
  }

  async write(
    changes: readonly OutboundChange[],
    { before, isQuick = false }: OutboundWriteOptions = {},
  ): Promise<boolean> {
    // The next commit syncs what was written quickly, because it stands before it in the same file.
    if (isQuick) this.#db.exec('PRAGMA synchronous = NORMAL');
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      const holds = before === undefined || this.#textOf(before.topic, before.id) === before.text;
      if (holds) for (const change of changes) this.#writeOne(change);
      this.#db.exec('COMMIT');
      return holds;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    } finally {
      if (isQuick) this.#db.exec('PRAGMA synchronous = FULL');
    }
  }

  #writeOne({ topic, id, text }: OutboundChange): void {
    if (text === undefined) this.#forget.run(topic, id);
    else this.#put.run(topic, id, text, sumOf(topic, id, text));
  }

  #textOf(topic: string, id: string): string | undefined {
    const found = this.#find.get(topic, id);
    if (!found) return undefined;
    const row = outboundRowOf(found);
    if (!this.#isSound(row)) throw new DamagedError(outboundName);
    return row.text;
  }

  #isSound({ topic, id, text, crc }: OutboundRow): boolean {
    if (sumOf(topic, id, text) === crc) return true;
    this.#damage.found(outboundName);
    return false;
  }
}

function outboundRowOf({ topic, id, text, crc }: Record<string, SQLOutputValue>): OutboundRow {
  return {
    ...{ topic: String(topic), id: String(id), text: String(text) },
    crc: typeof crc === 'number' ? crc : null,
  };
}
