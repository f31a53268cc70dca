/** The access keys in the SQLite file. Each statement is a transaction of its own, and synced when it returns. */

import type { DatabaseSync } from 'node:sqlite';
import { keyStatements } from './sqlite-statements.ts';
import type { Keys, StoredKey } from './store.ts';

interface KeyRow {
  id: string;
  hash: Uint8Array;
  role: StoredKey['role'];
  owner: string;
  name: string;
  hint: string;
  created_at: string;
  revoked_at: string | null;
}

export class SqliteKeys implements Keys {
  readonly #sql: ReturnType<typeof keyStatements>;

  constructor(db: DatabaseSync) {
    this.#sql = keyStatements(db);
  }

  async add({ id, hash, role, owner, name, hint, createdAt }: StoredKey): Promise<void> {
    this.#sql.add.run(id, hash, role, owner, name, hint, createdAt);
  }

  async list(): Promise<readonly StoredKey[]> {
    return (this.#sql.list.all() as unknown as KeyRow[]).map(toKey);
  }

  async find(hash: Uint8Array): Promise<StoredKey | undefined> {
    const row = this.#sql.find.get(hash) as unknown as KeyRow | undefined;
    return row && toKey(row);
  }

  async revoke(id: string, time: string): Promise<boolean> {
    return Number(this.#sql.revoke.run(time, id).changes) > 0;
  }

  async forget(id: string): Promise<void> {
    this.#sql.forget.run(id);
  }
}

function toKey({ id, hash, role, owner, name, hint, created_at, revoked_at }: KeyRow): StoredKey {
  const key = { id, hash, role, owner, name, hint, createdAt: created_at };
  return revoked_at === null ? key : { ...key, revokedAt: revoked_at };
}
