/** Writes logs directly through the store port, for any version of the hub. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from '../protocol/messages.ts';
import { type Actor, authorOf } from '../protocol/parcel.ts';
import type * as Committing from '../server/hub/commit.ts';
import type * as Postgres from '../server/store/postgres/postgres.ts';
import type * as Sqlite from '../server/store/sqlite/sqlite.ts';
import type { Store } from '../server/store/store.ts';

export interface LogEntry {
  readonly actor: Actor;
  readonly command: Command;
}

export interface LogOptions {
  readonly folder: string;
  /** Of a PostgreSQL database that takes the log; by default it is a SQLite file in the folder. */
  readonly databaseUrl?: string | undefined;
  readonly records: number;
  /** Command of record number `index`, from 0. It must be valid. */
  readonly at: (index: number) => LogEntry;
  /** Milliseconds between two records. */
  readonly everyMs: number;
  /** The tree whose store writes it. */
  readonly tree: string;
}

const batchMax = 4_000;

/** Extends the log in this folder to so many records. */
export async function writeLog(options: LogOptions): Promise<void> {
  const { records, at, everyMs, tree } = options;
  const { decideBatch, lookupOf } = (await load(tree, 'hub/commit.ts', 'commit.ts')) as typeof Committing;
  const store = await openStore(options);
  try {
    const { seq } = await store.head();
    const start = Date.now() - records * everyMs;
    for (let done = seq; done < records; ) {
      const count = Math.min(batchMax, records - done);
      const from = done;
      const jobs = Array.from({ length: count }, (_, i) => job(at(from + i)));
      const fail = (error: unknown) => {
        throw error;
      };
      const now = start + done * everyMs;
      const { rows } = await store.commit(lookupOf(jobs), (found) =>
        decideBatch(jobs, found, { now, rejections: { of: () => undefined }, onFault: fail }),
      );
      if (rows.length !== jobs.length) throw new Error(`${rows.length} of ${jobs.length} were recorded`);
      done += rows.length;
    }
  } finally {
    await store.close();
  }
}

/** @param before its path in trees from before the move */
function load(tree: string, now: string, before = now): Promise<unknown> {
  const { pathname } = pathToFileURL(resolve(tree));
  return import(`file://${pathname}/server/${existsSync(`${pathname}/server/${now}`) ? now : before}`);
}

async function openStore({ folder, databaseUrl: url, tree }: LogOptions): Promise<Store> {
  if (url !== undefined) {
    const { openPostgresStore } = (await load(tree, 'store/postgres/postgres.ts')) as typeof Postgres;
    return openPostgresStore({ url, folder, tell: () => {} });
  }
  const { openSqliteStore } = (await load(
    tree,
    'store/sqlite/sqlite.ts',
    'store/sqlite.ts',
  )) as typeof Sqlite;
  return openSqliteStore(folder);
}

function job({ actor, command }: LogEntry): Committing.Job {
  const by = authorOf(actor);
  const settle = () => {};
  return { actor, by, sender: `${by.role}:${by.id}`, door: 'socket.io', command, settle };
}
