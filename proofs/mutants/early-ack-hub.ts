/**
 * The mutant of the kill proof: the real hub on a store that says "committed" before anything is on disk. It
 * works in a scratch copy, which a crash takes with it, and writes to the real log a moment later.
 */

import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { openSqliteStore } from '../../server/store/sqlite/sqlite.ts';
import type { Append, Decided, Store } from '../../server/store/store.ts';
import { storeWith } from '../../testkit/simulation/store.ts';

/** How far the disk is behind the acks. */
const lagMs = 100;

const config = readConfig(process.env);
const disk = openSqliteStore(config.dataFolder);
const folder = join(config.dataFolder, 'scratch');
await rm(folder, { recursive: true, force: true });
await mkdir(folder);
for (const entry of await readdir(config.dataFolder, { withFileTypes: true })) {
  if (entry.isFile()) await copyFile(join(config.dataFolder, entry.name), join(folder, entry.name));
}
const scratch = openSqliteStore(folder);

async function commit(...[wanted, decide]: Parameters<Store['commit']>): ReturnType<Store['commit']> {
  let appends: readonly Append[] = [];
  const committed = await scratch.commit(wanted, (found): Decided<unknown> => {
    const decided = decide(found);
    appends = decided.appends;
    return decided;
  });
  setTimeout(() => void disk.commit(wanted, () => ({ appends, result: undefined })), lagMs);
  return committed;
}

const store = storeWith(scratch, {
  commit: commit as Store['commit'],
  close: async () => {
    await scratch.close();
    await disk.close();
  },
});

const app = await createApp({ config, store, log: pino({ level: 'silent' }) });
console.log(`A hub that acks too early runs on ${app.url}`);
process.once('SIGTERM', () => {
  // What was acked in the last moment is still on its way to the disk.
  setTimeout(() => void app.close().then(() => process.exit(0)), 2 * lagMs);
});
