/** Repeating orders in PostgreSQL. Each change is a transaction of its own, synced when it returns. */

import type { RepeatQuery, RepeatRoom, StoredRepeat, StoredRepeats } from '../store.ts';
import type { Connection, Readers } from './connection.ts';
import { repeatLockNumber } from './schema.ts';

export class PostgresRepeats implements StoredRepeats {
  readonly #readers: Readers;

  constructor(readers: Readers) {
    this.#readers = readers;
  }

  async list({ store, after, limit }: RepeatQuery): Promise<readonly StoredRepeat[]> {
    const one = 'SELECT store, id, text FROM repeats WHERE';
    return this.#readers.use((connection) =>
      store === undefined
        ? connection.run<StoredRepeat>(`${one} (store, id) > ($1, $2) ORDER BY store, id LIMIT $3`, [
            ...[after?.store ?? '', after?.id ?? '', limit],
          ])
        : connection.run<StoredRepeat>(`${one} store = $1 AND id > $2 ORDER BY id LIMIT $3`, [
            ...[store, after?.id ?? '', limit],
          ]),
    );
  }

  async find(store: string, id: string): Promise<string | undefined> {
    const [row] = await this.#readers.use((connection) =>
      connection.run<{ text: string }>('SELECT text FROM repeats WHERE store = $1 AND id = $2', [store, id]),
    );
    return row?.text;
  }

  async add(repeat: StoredRepeat, most: RepeatRoom): Promise<boolean> {
    return this.#readers.use((connection) => this.#add(connection, repeat, most));
  }

  async #add(
    connection: Connection,
    { store, id, text }: StoredRepeat,
    { perStore, all }: RepeatRoom,
  ): Promise<boolean> {
    // Whatever the database's own level is: at a stricter one, the count would be that of before the turn.
    await connection.run('BEGIN ISOLATION LEVEL READ COMMITTED');
    try {
      // They take turns: a count does not see what another hub has not committed yet.
      await connection.run('SELECT pg_advisory_xact_lock($1)', [repeatLockNumber]);
      const rows = await connection.run(
        `INSERT INTO repeats SELECT $1::text, $2::text, $3::text
           WHERE (SELECT count(*) FROM repeats WHERE store = $1) < $4::bigint
           AND (SELECT count(*) FROM repeats) < $5::bigint RETURNING id`,
        [store, id, text, perStore, all],
      );
      await connection.run('COMMIT');
      return rows.length === 1;
    } catch (error) {
      await connection.run('ROLLBACK').catch(() => {});
      throw error;
    }
  }

  async put(store: string, id: string, text: string | undefined): Promise<void> {
    await this.#readers.use((connection) =>
      text === undefined
        ? connection.run('DELETE FROM repeats WHERE store = $1 AND id = $2', [store, id])
        : connection.run(
            'INSERT INTO repeats VALUES ($1, $2, $3) ON CONFLICT (store, id) DO UPDATE SET text = excluded.text',
            [store, id, text],
          ),
    );
  }

  async replace({ store, id, text: before }: StoredRepeat, text: string): Promise<boolean> {
    const rows = await this.#readers.use((connection) =>
      connection.run('UPDATE repeats SET text = $1 WHERE store = $2 AND id = $3 AND text = $4 RETURNING id', [
        text,
        store,
        id,
        before,
      ]),
    );
    return rows.length === 1;
  }

  async count(store?: string): Promise<number> {
    const [row] = await this.#readers.use((connection) =>
      connection.run<{ count: number }>(
        'SELECT count(*) AS count FROM repeats WHERE $1::text IS NULL OR store = $1',
        [store ?? null],
      ),
    );
    return row?.count ?? 0;
  }
}
