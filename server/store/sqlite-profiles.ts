/** The stores' profiles in the SQLite file. Each statement is a transaction of its own, and synced when it returns. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredProfiles } from './store.ts';

export class SqliteProfiles implements StoredProfiles {
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #forget: StatementSync;
  readonly #count: StatementSync;

  constructor(db: DatabaseSync) {
    this.#find = db.prepare('SELECT profile FROM profiles WHERE store = ?');
    this.#put = db.prepare('INSERT OR REPLACE INTO profiles (store, profile) VALUES (?, ?)');
    this.#forget = db.prepare('DELETE FROM profiles WHERE store = ?');
    this.#count = db.prepare('SELECT count(*) AS count FROM profiles');
  }

  async find(store: string): Promise<string | undefined> {
    const profile: unknown = this.#find.get(store)?.['profile'];
    return typeof profile === 'string' ? profile : undefined;
  }

  async put(store: string, profile: string | undefined): Promise<void> {
    if (profile === undefined) this.#forget.run(store);
    else this.#put.run(store, profile);
  }

  async count(): Promise<number> {
    return Number(this.#count.get()?.['count']);
  }
}
