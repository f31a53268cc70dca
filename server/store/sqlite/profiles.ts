/** Stores' profiles in the SQLite file. Each statement is its own transaction, synced when it returns. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Damages } from '../rows/damage.ts';
import { sumOf } from '../rows/rows.ts';
import { DamagedError, type StoredProfiles } from '../store.ts';

export class SqliteProfiles implements StoredProfiles {
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #forget: StatementSync;
  readonly #count: StatementSync;
  readonly #damage: Damages;

  constructor(db: DatabaseSync, damage: Damages) {
    this.#find = db.prepare('SELECT * FROM profiles WHERE store = ?');
    this.#put = db.prepare('INSERT OR REPLACE INTO profiles (store, profile, crc) VALUES (?, ?, ?)');
    this.#forget = db.prepare('DELETE FROM profiles WHERE store = ?');
    this.#count = db.prepare('SELECT count(*) AS count FROM profiles');
    this.#damage = damage;
  }

  async find(store: string): Promise<string | undefined> {
    const row = this.#find.get(store) as unknown as ProfileRow | undefined;
    if (!row) return undefined;
    if (sumOf(row.store, row.profile) === row.crc) return row.profile;
    const what = 'the profile of a store';
    this.#damage.found(what);
    throw new DamagedError(what);
  }

  async put(store: string, profile: string | undefined): Promise<void> {
    if (profile === undefined) this.#forget.run(store);
    else this.#put.run(store, profile, sumOf(store, profile));
  }

  async count(): Promise<number> {
    return Number(this.#count.get()?.['count']);
  }
}

interface ProfileRow {
  store: string;
  profile: string;
  crc: number | null;
}
