/** Writes logs straight through a store's own port, as fast as it takes them, for whatever version of the hub. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from '../protocol/messages.ts';
import { type Actor, authorOf } from '../protocol/parcel.ts';
import type * as Committing from '../server/hub/commit.ts';
import type * as Sqlite from '../server/store/sqlite/sqlite.ts';

export interface LogEntry {
  readonly actor: Actor;
  readonly command: Command;
}

export interface LogWanted {
  readonly folder: string;
  readonly records: number;
  /** Record number `index` of the log, from 0: one that is not refused. */
  readonly at: (index: number) => LogEntry;
  /** Between two records, in milliseconds. */
  readonly everyMs: number;
  /** The tree whose store writes it. */
  readonly tree: string;
}

const batchMax = 4_000;

/** Fills the log in this folder up to so many records; what is there already stays. */
export async function writeLog({ folder, records, at, everyMs, tree }: LogWanted): Promise<void> {
  const { pathname } = pathToFileURL(resolve(tree));
  const load = (now: string, before: string): Promise<unknown> =>
    import(`file://${pathname}/server/${existsSync(`${pathname}/server/${now}`) ? now : before}`);
  const { openSqliteStore } = (await load('store/sqlite/sqlite.ts', 'store/sqlite.ts')) as typeof Sqlite;
  const { decideBatch, wantedOf } = (await load('hub/commit.ts', 'commit.ts')) as typeof Committing;
  const store = openSqliteStore(folder);
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
      const { rows } = await store.commit(wantedOf(jobs), (found) =>
        decideBatch(jobs, found, { now, refusals: { of: () => undefined }, onFault: fail }),
      );
      if (rows.length !== jobs.length) throw new Error(`${rows.length} of ${jobs.length} were recorded`);
      done += rows.length;
    }
  } finally {
    await store.close();
  }
}

function job({ actor, command }: LogEntry): Committing.Job {
  const by = authorOf(actor);
  const settle = () => {};
  return { actor, by, sender: `${by.role}:${by.id}`, door: 'socket.io', command, settle };
}
