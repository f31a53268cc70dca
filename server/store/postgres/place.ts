/** Where a database is and how the way there is secured, in words for the operator. */

import { Client } from 'pg';
import { type Connection, clientConfig } from './connection.ts';

/** On the same machine. */
const near = /^(localhost|127\.\d+\.\d+\.\d+|::1|\/.*)$/;

/**
 * Host, port, database and user, never a password, and whether the connection is encrypted.
 * @param url as in DATABASE_URL
 */
export async function describePlace(connection: Connection, url: string): Promise<string> {
  const [row] = await connection.run<{ user: string; database: string; encrypted: boolean }>(
    `SELECT session_user AS user, current_database() AS database,
       coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted`,
  );
  const { host, port, ssl } = new Client(clientConfig(url));
  const server = host.startsWith('/') || host.includes(':') ? `${host} (port ${port})` : `${host}:${port}`;
  const way = row?.encrypted ? encryption(ssl) : near.test(host) ? '' : ', not encrypted';
  return `PostgreSQL at ${server}, database ${row?.database}, user ${row?.user}${way}`;
}

/** What of the server's certificate is checked. */
function encryption(ssl: unknown): string {
  const options = typeof ssl === 'object' && ssl !== null ? ssl : {};
  if ('rejectUnauthorized' in options && options.rejectUnauthorized === false)
    return ', encrypted, the server’s certificate not checked';
  if ('checkServerIdentity' in options)
    return ', encrypted, the server’s certificate checked but for its name';
  return ', encrypted, the server’s certificate checked';
}
