/** Reads a whole log from PostgreSQL, to export it. */

import type { ClientConfig } from 'pg';
import { unreachable } from '../../../protocol/errors.ts';
import { type BlobRow, hashOf } from '../blobs.ts';
import type { KeyRow, LogRow } from '../rows/rows.ts';
import { type SetBack, StoreError } from '../store.ts';
import { damageIn } from '../transfer/check.ts';
import {
  type Batch,
  batchImages,
  batchRows,
  type CommandRow,
  type LogIdentity,
  type LogSource,
  type LogTables,
  type ParcelTableRow,
  type TableName,
  type TableRows,
} from '../transfer/tables.ts';
import { type Connection, clientConfig, LastingConnection } from './connection.ts';
import { isOfThisVersion } from './schema.ts';
import { placeIn, refusal } from './server-check.ts';

/** A large table takes its time. */
const answerMs = 600_000;
/** Longer than the disk on the other side stands still. */
const idleMs = 60_000;

/** Under a name of its own: it is no hub. */
export function transferConfig(url: string): ClientConfig {
  return {
    ...clientConfig(url),
    application_name: 'caps-transfer',
    query_timeout: answerMs,
    idle_in_transaction_session_timeout: idleMs,
  };
}

/** As messages name it. */
export function placeOf(url: string): string {
  return `the database ${placeIn(url)}`;
}

/** Connections of hubs, also of those that do nothing now. */
export async function countHubs(connection: Connection): Promise<number> {
  // Within a transaction PostgreSQL would say what it said before.
  await connection.run('SELECT pg_stat_clear_snapshot()');
  const [row] = await connection.run<{ hubs: number }>(
    `SELECT count(*) AS hubs FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'caps'`,
  );
  return row?.hubs ?? 0;
}

interface IdentityRow {
  readonly epoch: string;
  readonly secret: Uint8Array;
  readonly set_backs: string;
  /** Of the head, and of the last record: the same. */
  readonly seq: number;
  readonly last: number;
}

/** Within a transaction. */
export class PostgresTables implements LogTables {
  readonly damagedImages: string[] = [];
  readonly #connection: Connection;
  #cursors = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async identity(): Promise<LogIdentity> {
    const [row] = await this.#connection.run<IdentityRow>(
      'SELECT epoch, secret, set_backs, seq, (SELECT coalesce(max(seq), 0) FROM log) AS last FROM head',
    );
    if (!row) throw new Error('the log has lost its head');
    if (row.last !== row.seq) throw damageIn(`record ${row.seq}`);
    return { epoch: row.epoch, secret: row.secret, setBacks: JSON.parse(row.set_backs) as SetBack[] };
  }

  async *rows(table: TableName): AsyncGenerator<Batch> {
    switch (table) {
      case 'records':
        for await (const rows of this.#select<LogRow>('log ORDER BY seq')) yield { table, rows };
        return;
      case 'parcels':
        for await (const rows of this.#select<ParcelTableRow>('parcels ORDER BY first_seq'))
          yield { table, rows };
        return;
      case 'commands':
        for await (const rows of this.#select<CommandRow>('commands ORDER BY id, actor'))
          yield { table, rows };
        return;
      case 'acknowledged':
        for await (const rows of this.#select<TableRows['acknowledged']>('acknowledged ORDER BY first_seq'))
          yield { table, rows };
        return;
      case 'keys':
        for await (const rows of this.#select<KeyRow>('keys ORDER BY place')) yield { table, rows };
        return;
      case 'profiles':
        for await (const rows of this.#select<TableRows['profiles']>('profiles ORDER BY store'))
          yield { table, rows };
        return;
      case 'repeats':
        for await (const rows of this.#select<TableRows['repeats']>('repeats ORDER BY store, id'))
          yield { table, rows };
        return;
      case 'outbound':
        for await (const rows of this.#select<TableRows['outbound']>('outbound ORDER BY topic, id'))
          yield { table, rows };
        return;
      case 'blobs':
        for await (const rows of this.#all<BlobRow>(
          'SELECT store, order_id, hash, bytes FROM blobs ORDER BY store, order_id, hash',
          batchImages,
        ))
          yield { table, rows: rows.filter((row) => this.#isSound(row)) };
        return;
      default:
        unreachable(table);
    }
  }

  #isSound({ hash, bytes }: BlobRow): boolean {
    if (hashOf(bytes) === hash) return true;
    this.damagedImages.push(hash);
    return false;
  }

  /** Sorts numbers alone: whole records would fill a disk. */
  async *lives(): AsyncGenerator<readonly LogRow[]> {
    for await (const seqs of this.#all<{ seq: number }>(
      'SELECT seq FROM log ORDER BY store, order_id, rev',
    )) {
      yield await this.#connection.run<LogRow>(
        `SELECT log.* FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (seq, place)
         JOIN log USING (seq) ORDER BY place`,
        [seqs.map(({ seq }) => seq)],
      );
    }
  }

  parcelsAt(firstSeqs: readonly number[]): Promise<readonly ParcelTableRow[]> {
    return this.#connection.run<ParcelTableRow>('SELECT * FROM parcels WHERE first_seq = ANY($1::bigint[])', [
      firstSeqs,
    ]);
  }

  #select<T extends object>(from: string): AsyncGenerator<T[]> {
    return this.#all<T>(`SELECT * FROM ${from}`);
  }

  async *#all<T extends object>(sql: string, count = batchRows): AsyncGenerator<T[]> {
    this.#cursors += 1;
    const cursor = `rows_${this.#cursors}`;
    await this.#connection.run(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`);
    for (;;) {
      const rows = await this.#connection.run<T>(`FETCH ${count} FROM ${cursor}`);
      if (rows.length === 0) break;
      yield rows;
    }
    await this.#connection.run(`CLOSE ${cursor}`);
  }
}

/**
 * The log of a database as of one moment, also while hubs write to it.
 * @throws StoreError if there is none in this version's format, or the database cannot be used
 */
export async function openPostgresSource(url: string): Promise<LogSource> {
  const lasting = new LastingConnection(transferConfig(url));
  try {
    const connection = await lasting.get();
    await refuseOthers(connection, url);
    const hubs = await countHubs(connection);
    await connection.run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const [head] = await connection.run<{ seq: number }>('SELECT seq FROM head');
    return new PostgresSource(url, lasting, connection, { seq: head?.seq ?? 0, hubs });
  } catch (error) {
    await lasting.close();
    throw refusal(url, error);
  }
}

async function refuseOthers(connection: Connection, url: string): Promise<void> {
  const [server] = await connection.run<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  if (server?.standby !== false) {
    throw new StoreError('The database is a standby. Point DATABASE_URL to the primary.');
  }
  if (await isOfThisVersion(connection)) return;
  throw new StoreError(
    `There is no log in ${placeOf(url)}, or an older CAPS wrote it: start this version’s hub on it once.`,
  );
}

class PostgresSource extends PostgresTables implements LogSource {
  readonly place: string;
  readonly #lasting: LastingConnection;
  readonly #connection: Connection;
  readonly #begun: { readonly seq: number; readonly hubs: number };

  constructor(
    url: string,
    lasting: LastingConnection,
    connection: Connection,
    begun: { readonly seq: number; readonly hubs: number },
  ) {
    super(connection);
    this.place = placeOf(url);
    this.#lasting = lasting;
    this.#connection = connection;
    this.#begun = begun;
  }

  async isLive(): Promise<boolean> {
    await this.#connection.run('COMMIT');
    const [head] = await this.#connection.run<{ seq: number }>('SELECT seq FROM head');
    const hubs = await countHubs(this.#connection);
    return this.#begun.hubs > 0 || hubs > 0 || head?.seq !== this.#begun.seq;
  }

  async close(): Promise<void> {
    await this.#lasting.close();
  }
}
