/**
 * The logs of reading.bench.ts in PostgreSQL. Like those in files (reading-log.ts), each is made once and kept, and a run
 * works on a copy: a server of its own with the log's data, and a folder for the hub.
 */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { type CopiedLog, formatOf, index, type LogKind } from './reading-log.ts';

/** As large as the log has been read from in the days before. */
const settings = ['shared_buffers=256MB'];
const database = 'caps_1';

/** Copies such a log. The caller removes the copy. */
export async function copyOfDatabase(kind: LogKind, records: number, tree: string): Promise<CopiedLog> {
  const name = `${kind}-${records}`;
  const kept = join(tmpdir(), 'caps-bench-logs', `postgres-${name}-${tablesOf(tree)}`);
  if (!existsSync(kept)) await make(kept, kind, records, tree);
  const indexed = join(tmpdir(), 'caps-bench-logs', `hub-${name}-${formatOf(tree)}`);
  if (!existsSync(indexed)) await makeIndex(kept, indexed, records, tree);
  const server = await PostgresServer.start({ settings, data: kept });
  const folder = await mkdtemp(join(tmpdir(), 'caps-bench-'));
  await cp(indexed, folder, { recursive: true });
  return {
    folder,
    env: { DATABASE_URL: server.urlOf(database) },
    async remove() {
      await server.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function make(kept: string, kind: LogKind, records: number, tree: string): Promise<void> {
  await mkdir(join(kept, '..'), { recursive: true });
  await using server = await PostgresServer.start({ settings: [...settings, 'max_wal_size=4GB'] });
  const folder = await mkdtemp(join(tmpdir(), 'caps-bench-'));
  try {
    const script = fileURLToPath(new URL('reading-seed.ts', import.meta.url));
    const url = await server.database();
    await promisify(execFile)(process.execPath, [script, folder, kind, String(records), tree, url]);
    // What the server does by itself for a log that has grown for days.
    await server.query(database, 'VACUUM ANALYZE');
    await server.stop();
    server.copyTo(`${kept}-part`);
    await rename(`${kept}-part`, kept);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lets a hub fill its own folder. */
async function makeIndex(data: string, indexed: string, records: number, tree: string): Promise<void> {
  await using server = await PostgresServer.start({ settings, data });
  const folder = await mkdtemp(`${indexed}-`);
  try {
    // Hubs of earlier trees search PostgreSQL without an index.
    const hasIndex = existsSync(join(tree, 'server/store/search/postgres-records.ts'));
    if (hasIndex) await index(folder, records, tree, { DATABASE_URL: server.urlOf(database) });
    await rename(folder, indexed);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Hash of the code that decides what stands in the tables. */
function tablesOf(tree: string): string {
  const hash = createHash('sha256');
  for (const name of ['postgres/schema.ts', 'rows/rows.ts', 'row.ts']) {
    hash.update(readFileSync(join(tree, 'server/store', name)));
  }
  return hash.digest('hex').slice(0, 8);
}
