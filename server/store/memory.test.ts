import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import * as memory from './memory.ts';
import { openSearchFile } from './search/file.ts';
import { openSqliteFile } from './sqlite/file.ts';

let folder: string;
beforeEach(() => {
  folder = memoryFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

it('[S3] all that is kept in memory of a log is bounded in bytes, and together below 30 MiB', () => {
  const { logCacheKib, readerCacheKib, patrolCacheKib, parcelsSizeMax } = memory;
  const { searchLogCacheKib, searchCacheKib, searchPendingKib } = memory;
  const search = searchLogCacheKib + searchCacheKib + searchPendingKib;
  const pages = (logCacheKib + readerCacheKib + patrolCacheKib + search) * 1024;
  // Two bytes a character, at worst.
  expect(pages + 2 * parcelsSizeMax).toBeLessThanOrEqual(30 * 1024 * 1024);
});

it('[S3] no connection to a log keeps more pages of it than that', () => {
  const file = openSqliteFile(folder, () => {});
  expect(file.db.prepare('PRAGMA cache_size').get()).toEqual({ cache_size: -memory.logCacheKib });
  file.close();
  // Those of the threads are set where they are opened.
  const caches = {
    'sqlite/patrol-worker': 'patrolCacheKib',
    'sqlite/reader-worker': 'readerCacheKib',
    'search/records': 'searchLogCacheKib',
    'search/file': 'searchCacheKib',
  };
  for (const [name, bound] of Object.entries(caches)) {
    const text = readFileSync(join(import.meta.dirname, `${name}.ts`), 'utf8');
    expect(text.match(/new DatabaseSync\(/g), name).toHaveLength(1);
    expect(text).toContain(`PRAGMA cache_size = -\${${bound}}`);
  }
});

it('[S3] the index keeps no more than that of what is not in pages yet', () => {
  const path = join(folder, 'search.sqlite');
  openSearchFile(path, { epoch: 'a', head: 0 }, true).close();
  const file = new DatabaseSync(path);
  const { v } = file.prepare("SELECT v FROM records_config WHERE k = 'hashsize'").get() ?? {};
  expect(v).toBe(memory.searchPendingKib * 1024);
  file.close();
});
