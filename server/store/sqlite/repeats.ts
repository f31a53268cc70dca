/** Repeating orders in the SQLite file. Each statement is its own transaction, synced when it returns. */

import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Damages } from '../rows/damage.ts';
import { sumOf } from '../rows/rows.ts';
import {
  DamagedError,
  type RepeatQuery,
  type RepeatRoom,
  type StoredRepeat,
  type StoredRepeats,
} from '../store.ts';

type RepeatRow = StoredRepeat & { readonly crc: number | null };

export class SqliteRepeats implements StoredRepeats {
  readonly #all: StatementSync;
  readonly #ofStore: StatementSync;
  readonly #find: StatementSync;
  readonly #add: StatementSync;
  readonly #put: StatementSync;
  readonly #replace: StatementSync;
  readonly #forget: StatementSync;
  readonly #count: StatementSync;
  readonly #damage: Damages;

  constructor(db: DatabaseSync, damage: Damages) {
    this.#all = db.prepare('SELECT * FROM repeats WHERE (store, id) > (?, ?) ORDER BY store, id LIMIT ?');
    this.#ofStore = db.prepare('SELECT * FROM repeats WHERE store = ? AND id > ? ORDER BY id LIMIT ?');
    this.#find = db.prepare('SELECT * FROM repeats WHERE store = ? AND id = ?');
    this.#add = db.prepare(`INSERT INTO repeats (store, id, text, crc) SELECT ?1, ?2, ?3, ?4
      WHERE (SELECT count(*) FROM repeats WHERE store = ?1) < ?5 AND (SELECT count(*) FROM repeats) < ?6`);
    this.#put = db.prepare('INSERT OR REPLACE INTO repeats (store, id, text, crc) VALUES (?, ?, ?, ?)');
    this.#replace = db.prepare(
      'UPDATE repeats SET text = ?, crc = ? WHERE store = ? AND id = ? AND text = ?',
    );
    this.#forget = db.prepare('DELETE FROM repeats WHERE store = ? AND id = ?');
    this.#count = db.prepare('SELECT count(*) AS count FROM repeats WHERE ?1 IS NULL OR store = ?1');
    this.#damage = damage;
  }

  /** Leaves out damaged ones. */
  async list({ store, after, limit }: RepeatQuery): Promise<readonly StoredRepeat[]> {
    const rows =
      store === undefined
        ? this.#all.all(after?.store ?? '', after?.id ?? '', limit)
        : this.#ofStore.all(store, after?.id ?? '', limit);
    return rows
      .map(repeatRowOf)
      .filter((row) => this.#isSound(row))
      .map(({ crc: _, ...row }) => row);
  }

  async find(store: string, id: string): Promise<string | undefined> {
    const found = this.#find.get(store, id);
    if (!found) return undefined;
    const row = repeatRowOf(found);
    if (!this.#isSound(row)) throw new DamagedError('a repeating order');
    return row.text;
  }

  async add({ store, id, text }: StoredRepeat, { perStore, all }: RepeatRoom): Promise<boolean> {
    return this.#add.run(store, id, text, sumOf(store, id, text), perStore, all).changes === 1;
  }

  async put(store: string, id: string, text: string | undefined): Promise<void> {
    if (text === undefined) this.#forget.run(store, id);
    else this.#put.run(store, id, text, sumOf(store, id, text));
  }

  async replace({ store, id, text: before }: StoredRepeat, text: string): Promise<boolean> {
    return this.#replace.run(text, sumOf(store, id, text), store, id, before).changes === 1;
  }

  async count(store?: string): Promise<number> {
    return Number(this.#count.get(store ?? null)?.['count']);
  }

  #isSound({ store, id, text, crc }: RepeatRow): boolean {
    if (sumOf(store, id, text) === crc) return true;
    this.#damage.found('a repeating order');
    return false;
  }
}

function repeatRowOf({ store, id, text, crc }: Record<string, SQLOutputValue>): RepeatRow {
  return {
    ...{ store: String(store), id: String(id), text: String(text) },
    crc: typeof crc === 'number' ? crc : null,
  };
}
