/** Whether a database server can keep what the hub promises, and what to say when it cannot be used. */

import { StoreError } from '../store.ts';
import type { Connection } from './connection.ts';

interface ServerRow {
  readonly fsync: string;
  readonly pages: string;
  readonly commit: string;
  readonly standby: boolean;
  readonly version: number;
  readonly followers: number;
}

/** PostgreSQL 13: the oldest one that is still maintained by whoever offers databases. */
const oldestVersion = 130_000;

/**
 * @param tell called with a sentence about the reach of the promise
 * @throws StoreError
 */
export async function checkServer(connection: Connection, tell: (words: string) => void): Promise<void> {
  const [row] = await connection.run<ServerRow>(
    `SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages,
       current_setting('synchronous_commit') AS commit, pg_is_in_recovery() AS standby,
       current_setting('server_version_num')::int AS version,
       (SELECT count(*) FROM pg_stat_replication WHERE sync_state IS DISTINCT FROM 'sync'
          AND sync_state IS DISTINCT FROM 'quorum') AS followers`,
  );
  if (!row) throw new Error('it says nothing about its settings');
  const wrong = [
    ...(row.fsync === 'on' ? [] : ['fsync=off']),
    ...(row.pages === 'on' ? [] : ['full_page_writes=off']),
    ...(row.commit === 'off' ? ['synchronous_commit=off'] : []),
  ];
  if (wrong.length > 0) {
    throw new StoreError(
      `The database has ${wrong.join(' and ')}: what the hub has acknowledged could be lost. Switch it on.`,
    );
  }
  if (row.standby) {
    throw new StoreError('The database is a standby. Point DATABASE_URL to the primary.');
  }
  if (row.version < oldestVersion) {
    throw new StoreError('The database is older than PostgreSQL 13, which the hub needs.');
  }
  if (row.followers > 0) {
    tell(
      'A standby of the database follows asynchronously: if it takes over, the last moments of the log may be missing, and clients start again with a new epoch.',
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'there is no such host',
  ENOENT: 'there is no such socket',
  ETIMEDOUT: 'it does not answer',
  ECONNRESET: 'it closed the connection',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an authority that is not known here',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is of an authority that is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an authority that is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of an authority that is not known here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  '28P01': 'it does not accept the password',
  '28000': 'it does not admit this user',
  '3D000': 'it has no such database',
  '42501': 'this user may not create or use the schema “caps”',
  '53300': 'it has no connection left',
  '57P03': 'it is starting up or stopping',
};

/** @returns what to say about a database that cannot be used, without its password */
export function refusal(url: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = codeOf(cause);
  const words = cause instanceof Error ? cause.message.replaceAll('\n', ' ') : String(cause);
  const reason = missingFile(cause) ?? (code && reasons[code]) ?? (words === '' ? code : words);
  return new StoreError(`The database ${placeIn(url)} cannot be used: ${reason}. Check DATABASE_URL.`, {
    cause: error,
  });
}

/** One that DATABASE_URL names: a certificate or a key. */
function missingFile(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !('syscall' in cause && 'path' in cause)) return undefined;
  return cause.syscall === 'open' ? `the file ${String(cause.path)} cannot be read` : undefined;
}

/** Of several addresses of one host, the first error. */
function codeOf(cause: unknown): string | undefined {
  const [first = cause] = cause instanceof AggregateError ? (cause.errors as unknown[]) : [];
  const { code } = (first ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** For people, without the password; one whose special characters are not escaped reaches into what follows it. */
export function placeIn(url: string): string {
  if (!URL.canParse(url)) return 'in DATABASE_URL';
  const { host, pathname, search, hash } = new URL(url);
  return /[@#]/.test(pathname + search + hash) ? 'in DATABASE_URL' : `${host}${pathname}`;
}
