/** Fills an empty database with a log, in one transaction. */

import { unreachable } from '../../../protocol/errors.ts';
import { type Head, StoreError } from '../store.ts';
import type { Batch, LogIdentity, LogTarget } from '../transfer/tables.ts';
import { type Connection, ConnectionError, LastingConnection, type Statement } from './connection.ts';
import { lockForImport, makeTables } from './schema.ts';
import { checkServer, refusal } from './server-check.ts';
import * as sql from './statements.ts';
import { countHubs, PostgresTables, placeOf, transferConfig } from './tables.ts';

/**
 * @param tell called with a sentence about the reach of the promise
 * @throws StoreError if hubs are running there, it is not empty, or it cannot be used
 */
export async function openPostgresTarget(url: string, tell: (words: string) => void): Promise<LogTarget> {
  const lasting = new LastingConnection(transferConfig(url));
  try {
    const connection = await lasting.get();
    await checkServer(connection, tell);
    await connection.run('BEGIN');
    await lockForImport(connection);
    if ((await countHubs(connection)) > 0) {
      throw new StoreError(`Hubs are running on ${placeOf(url)}: stop them first.`);
    }
    await makeTables(connection);
    await refuseFull(connection, url);
    return new PostgresTarget(url, lasting, connection);
  } catch (error) {
    await lasting.close();
    throw refusal(url, error);
  }
}

/** A hub that nobody has used leaves an empty log, which may be replaced. */
async function refuseFull(connection: Connection, url: string): Promise<void> {
  const tables = [
    'log',
    'parcels',
    'commands',
    'acknowledged',
    'keys',
    'profiles',
    'repeats',
    'outbound',
    'blobs',
  ];
  const anything = tables.map((table) => `EXISTS (SELECT 1 FROM ${table})`).join(' OR ');
  const [row] = await connection.run<{ full: boolean }>(
    `SELECT seq > 0 OR ${anything} AS full FROM head FOR UPDATE OF head`,
  );
  if (row?.full === false) return;
  throw new StoreError(`There is a log already in ${placeOf(url)}: import into an empty one.`);
}

class PostgresTarget extends PostgresTables implements LogTarget {
  readonly place: string;
  readonly #lasting: LastingConnection;
  readonly #connection: Connection;

  constructor(url: string, lasting: LastingConnection, connection: Connection) {
    super(connection);
    this.place = placeOf(url);
    this.#lasting = lasting;
    this.#connection = connection;
  }

  async write(batch: Batch): Promise<void> {
    await this.#connection.all([insertion(batch)]);
  }

  async complete({ epoch, secret, setBacks }: LogIdentity, head: Head, ownMs: number): Promise<void> {
    await this.#connection.run(
      'UPDATE head SET epoch = $1, secret = $2, seq = $3, time = $4, set_backs = $5, own_ms = $6',
      [epoch, Buffer.from(secret), head.seq, head.time, JSON.stringify(setBacks), ownMs],
    );
    // The first hub would otherwise plan as if the tables were empty.
    await this.#connection.script('ANALYZE log, parcels, commands, acknowledged');
  }

  async settle(): Promise<void> {
    try {
      await this.#connection.run('COMMIT');
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      throw new StoreError(
        `${this.place} went away at the last step: import again, which says so if the log is there.`,
        { cause: error },
      );
    }
  }

  async close(): Promise<void> {
    // Ends the transaction too.
    await this.#lasting.close();
  }
}

function insertion(batch: Batch): Statement {
  switch (batch.table) {
    case 'records':
      return sql.appendRows(batch.rows);
    case 'parcels':
      return sql.writeParcels(batch.rows);
    case 'commands':
      return sql.rememberCommands(batch.rows);
    case 'acknowledged':
      return sql.addAcknowledged(batch.rows);
    case 'keys':
      return sql.addKeys(batch.rows);
    case 'profiles':
      return sql.addProfiles(batch.rows);
    case 'repeats':
      return sql.addRepeats(batch.rows);
    case 'outbound':
      return sql.addOutbound(batch.rows);
    case 'blobs':
      return sql.addBlobs(batch.rows);
    default:
      return unreachable(batch);
  }
}
