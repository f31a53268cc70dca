/** Access keys and profiles in PostgreSQL. Each statement is its own transaction, synced when it returns. */

import { type KeyRow, keyOf } from '../rows/rows.ts';
import type { Keys, StoredKey, StoredProfiles } from '../store.ts';
import type { Readers, Value } from './connection.ts';

export class PostgresKeys implements Keys {
  readonly #readers: Readers;

  constructor(readers: Readers) {
    this.#readers = readers;
  }

  async add({ id, hash, role, owner, name, hint, createdAt }: StoredKey): Promise<void> {
    await this.#run(
      'INSERT INTO keys (id, hash, role, owner, name, hint, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [id, Buffer.from(hash), role, owner, name, hint, createdAt],
    );
  }

  async list(): Promise<readonly StoredKey[]> {
    // Keys of the same millisecond stay in the order of their issue.
    return (await this.#run('SELECT * FROM keys ORDER BY created_at DESC, place DESC', [])).map(keyOf);
  }

  async find(hash: Uint8Array): Promise<StoredKey | undefined> {
    const [row] = await this.#run('SELECT * FROM keys WHERE hash = $1', [Buffer.from(hash)]);
    return row && keyOf(row);
  }

  async revoke(id: string, time: string): Promise<boolean> {
    const rows = await this.#run(
      'UPDATE keys SET revoked_at = coalesce(revoked_at, $1) WHERE id = $2 RETURNING *',
      [time, id],
    );
    return rows.length > 0;
  }

  async revokedAmong(ids: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#run('SELECT * FROM keys WHERE id = ANY ($1) AND revoked_at IS NOT NULL', [ids]);
    return rows.map(({ id }) => id);
  }

  async forget(id: string): Promise<void> {
    await this.#run('DELETE FROM keys WHERE id = $1 AND revoked_at IS NOT NULL', [id]);
  }

  #run(text: string, values: readonly Value[]): Promise<KeyRow[]> {
    return this.#readers.use((connection) => connection.run<KeyRow>(text, values));
  }
}

export class PostgresProfiles implements StoredProfiles {
  readonly #readers: Readers;

  constructor(readers: Readers) {
    this.#readers = readers;
  }

  async find(store: string): Promise<string | undefined> {
    const [row] = await this.#readers.use((connection) =>
      connection.run<{ profile: string }>('SELECT profile FROM profiles WHERE store = $1', [store]),
    );
    return row?.profile;
  }

  async put(store: string, profile: string | undefined): Promise<void> {
    await this.#readers.use((connection) =>
      profile === undefined
        ? connection.run('DELETE FROM profiles WHERE store = $1', [store])
        : connection.run(
            'INSERT INTO profiles VALUES ($1, $2) ON CONFLICT (store) DO UPDATE SET profile = excluded.profile',
            [store, profile],
          ),
    );
  }

  async count(): Promise<number> {
    const [row] = await this.#readers.use((connection) =>
      connection.run<{ count: number }>('SELECT count(*) AS count FROM profiles'),
    );
    return row?.count ?? 0;
  }
}
