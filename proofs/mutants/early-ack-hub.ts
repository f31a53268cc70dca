/**
 * The mutant of the kill proof: the real hub on a store that reports a commit before anything is on disk. The store
 * works on a scratch copy, which a crash destroys, and writes to the real log a moment later.
 */

import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../../server/config.ts';
import { openSqliteStore } from '../../server/store/sqlite/sqlite.ts';
import type { Append, CommitPlan, Store } from '../../server/store/store.ts';
import { runMutant } from '../../testkit/mutant-hub.ts';
import { storeWith } from '../../testkit/simulation/store.ts';

/** Delay of the disk behind the acks. */
const lagMs = 100;

await runMutant('acks too early', ackEarly);

async function ackEarly(disk: Store, { dataFolder }: Config): Promise<Store> {
  const folder = join(dataFolder, 'scratch');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const entry of await readdir(dataFolder, { withFileTypes: true })) {
    if (entry.isFile()) await copyFile(join(dataFolder, entry.name), join(folder, entry.name));
  }
  const scratch = openSqliteStore(folder);

  async function commit(...[wanted, decide]: Parameters<Store['commit']>): ReturnType<Store['commit']> {
    let appends: readonly Append[] = [];
    const committed = await scratch.commit(wanted, (found): CommitPlan<unknown> => {
      const decided = decide(found);
      appends = decided.appends;
      return decided;
    });
    setTimeout(() => void disk.commit(wanted, () => ({ appends, result: undefined })), lagMs);
    return committed;
  }

  return storeWith(scratch, {
    commit: commit as Store['commit'],
    close: async () => {
      await scratch.close();
      // The last acked records are not on disk yet.
      await pause(2 * lagMs);
      await disk.close();
    },
  });
}
