import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import * as memory from './memory.ts';
import { openSqliteFile } from './sqlite/file.ts';

let folder: string;
beforeEach(() => {
  folder = memoryFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));

it('[S3] all that is kept in memory of a log is bounded in bytes, and together below 30 MiB', () => {
  const { logCacheKib, readerCacheKib, searchLogCacheKib, searchCacheKib, parcelsSizeMax } = memory;
  const pages = (logCacheKib + readerCacheKib + searchLogCacheKib + searchCacheKib) * 1024;
  // Two bytes a character, at worst.
  expect(pages + 2 * parcelsSizeMax).toBeLessThanOrEqual(30 * 1024 * 1024);
});

it('[S3] no connection to a log keeps more pages of it than that', () => {
  const file = openSqliteFile(folder, () => {});
  expect(file.db.prepare('PRAGMA cache_size').get()).toEqual({ cache_size: -memory.logCacheKib });
  file.close();
  // Those of the threads are set where they are opened.
  const caches = {
    'sqlite/reader-worker': 'readerCacheKib',
    'search/searcher': 'searchLogCacheKib',
    'search/file': 'searchCacheKib',
  };
  for (const [name, bound] of Object.entries(caches)) {
    const text = readFileSync(join(import.meta.dirname, `${name}.ts`), 'utf8');
    expect(text.match(/new DatabaseSync\(/g), name).toHaveLength(1);
    expect(text).toContain(`PRAGMA cache_size = -\${${bound}}`);
  }
});
