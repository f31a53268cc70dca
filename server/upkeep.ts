/**
 * Maintenance of a log, with or without a running hub: copies of it, and its move to another place. A file of its own,
 * because the hub takes longer to load. So does the driver of PostgreSQL.
 */

import { backUp, type CopyReport, restore } from './store/sqlite/backup.ts';
import { openSqliteSource } from './store/sqlite/tables.ts';
import { openSqliteTarget } from './store/sqlite/target.ts';
import type { LogSource, LogTarget } from './store/transfer/tables.ts';
import { exportLog, importLog } from './store/transfer/transfer.ts';
import { exportWords, importWords } from './store/transfer/words.ts';

export type CopiedImages = CopyReport['images'];

/** Where a log is, or is to be. */
export type LogPlace = { readonly databaseUrl: string } | { readonly folder: string };

export const upkeep = {
  backUp,
  restore,

  /** @returns what to tell the operator @throws StoreError in one sentence */
  async export(place: LogPlace, to: string): Promise<string> {
    const source = await openSource(place);
    try {
      return exportWords(await exportLog(source, to));
    } finally {
      await source.close();
    }
  },

  /**
   * @param tell called with a sentence for the operator
   * @returns what else to tell
   * @throws StoreError in one sentence
   */
  async import(from: string, place: LogPlace, tell: (words: string) => void): Promise<string> {
    return importWords(await importLog(from, () => openTarget(place, tell)));
  },
};

async function openSource(place: LogPlace): Promise<LogSource> {
  if ('folder' in place) return openSqliteSource(place.folder);
  const { openPostgresSource } = await import('./store/postgres/tables.ts');
  return openPostgresSource(place.databaseUrl);
}

async function openTarget(place: LogPlace, tell: (words: string) => void): Promise<LogTarget> {
  if ('folder' in place) return openSqliteTarget(place.folder);
  const { openPostgresTarget } = await import('./store/postgres/target.ts');
  return openPostgresTarget(place.databaseUrl, tell);
}
