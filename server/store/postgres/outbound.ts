/** What is sent to others, in PostgreSQL, and the leases of the hubs that send it. */

import type {
  Leases,
  OutboundChange,
  OutboundText,
  OutboundWriteOptions,
  StoredOutbound,
} from '../outbound.ts';
import type { Connection, Readers } from './connection.ts';

export class PostgresOutbound implements StoredOutbound {
  readonly #readers: Readers;

  constructor(readers: Readers) {
    this.#readers = readers;
  }

  async list(
    topic: string,
    { after = '', limit }: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly OutboundText[]> {
    return this.#readers.use((connection) =>
      connection.run<OutboundText>(
        'SELECT id, text FROM outbound WHERE topic = $1 AND id > $2 ORDER BY id LIMIT $3',
        [topic, after, limit],
      ),
    );
  }

  async find(topic: string, id: string): Promise<string | undefined> {
    const [row] = await this.#readers.use((connection) =>
      connection.run<{ text: string }>('SELECT text FROM outbound WHERE topic = $1 AND id = $2', [topic, id]),
    );
    return row?.text;
  }

  async count(topic: string): Promise<number> {
    const [row] = await this.#readers.use((connection) =>
      connection.run<{ count: number }>('SELECT count(*) AS count FROM outbound WHERE topic = $1', [topic]),
    );
    return row?.count ?? 0;
  }

  async write(
    changes: readonly OutboundChange[],
    { before, isQuick = false }: OutboundWriteOptions = {},
  ): Promise<boolean> {
    return this.#readers.use(async (connection) => {
      await connection.run('BEGIN');
      try {
        if (isQuick) await connection.run('SET LOCAL synchronous_commit = off');
        const holds = before === undefined || (await isStill(connection, before));
        if (holds) await writeAll(connection, changes);
        await connection.run('COMMIT');
        return holds;
      } catch (error) {
        await connection.run('ROLLBACK').catch(() => {});
        throw error;
      }
    });
  }
}

/** Locks it, so that nobody changes it before this transaction ends. */
async function isStill(connection: Connection, { topic, id, text }: OutboundChange): Promise<boolean> {
  const [row] = await connection.run<{ text: string }>(
    'SELECT text FROM outbound WHERE topic = $1 AND id = $2 FOR UPDATE',
    [topic, id],
  );
  if (row || text !== undefined) return row?.text === text;
  // A row that is not there cannot be locked: whoever makes it first is first.
  const made = await connection.run(
    "INSERT INTO outbound VALUES ($1, $2, '') ON CONFLICT DO NOTHING RETURNING id",
    [topic, id],
  );
  if (made.length === 0) return false;
  await connection.run('DELETE FROM outbound WHERE topic = $1 AND id = $2', [topic, id]);
  return true;
}

async function writeAll(connection: Connection, changes: readonly OutboundChange[]): Promise<void> {
  const kept = changes.flatMap(({ topic, id, text }) => (text === undefined ? [] : [{ topic, id, text }]));
  const gone = changes.filter(({ text }) => text === undefined);
  if (gone.length > 0) {
    await connection.run(
      'DELETE FROM outbound WHERE (topic, id) IN (SELECT * FROM unnest($1::text[], $2::text[]))',
      [gone.map(({ topic }) => topic), gone.map(({ id }) => id)],
    );
  }
  if (kept.length > 0) {
    await connection.run(
      `INSERT INTO outbound SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
       ON CONFLICT (topic, id) DO UPDATE SET text = excluded.text`,
      [kept.map(({ topic }) => topic), kept.map(({ id }) => id), kept.map(({ text }) => text)],
    );
  }
}

export class PostgresLeases implements Leases {
  readonly #readers: Readers;
  readonly #hub: string;

  constructor(readers: Readers, hub: string) {
    this.#readers = readers;
    this.#hub = hub;
  }

  async take(name: string, ms: number): Promise<boolean> {
    const rows = await this.#readers.use((connection) =>
      connection.run(
        `INSERT INTO leases VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
         ON CONFLICT (name) DO UPDATE SET hub = excluded.hub, until = excluded.until
         WHERE leases.hub = excluded.hub OR leases.until < clock_timestamp() RETURNING name`,
        [name, this.#hub, ms],
      ),
    );
    return rows.length === 1;
  }

  async release(name: string): Promise<void> {
    await this.#readers.use((connection) =>
      connection.run('DELETE FROM leases WHERE name = $1 AND hub = $2', [name, this.#hub]),
    );
  }
}
