/**
 * A copy of the log while a hub writes it, and the way back. Neither is more than a file: it appears under its name when
 * it is whole, checked and on disk, or not at all.
 */

import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { checkFile, checkHeader, lockFolder, makeWritable, newEpoch, reasonOf } from './sqlite-file.ts';
import { StoreError } from './store.ts';

/** Of a SQLite file, and so all there are. */
const pagesMax = 2 ** 31 - 2;

export interface Copied {
  readonly path: string;
  readonly records: number;
  readonly bytes: number;
}

/**
 * Copies the log of a folder as it is at one moment. The hub's lock is not touched.
 * @throws StoreError there is no log of ours, there is such a file already, or it cannot be written
 */
export async function backUp(folder: string, to: string): Promise<Copied> {
  const log = join(folder, 'caps.sqlite');
  if (!existsSync(log)) throw new StoreError(`There is no log in ${folder}. Say where with --data.`);
  if (existsSync(to)) throw new StoreError(`The file ${to} is there already, and nothing is overwritten.`);
  checkHeader(log);
  mkdirSync(dirname(resolve(to)), { recursive: true });
  return copy(log, to, () => {});
}

/**
 * Makes a backup the log of a folder that has none, under a new epoch: a cursor of the old log may be past what the
 * backup knew, and would go on in the middle of something else. Its secret stays, and with it the customers' links.
 * @throws StoreError a hub is running there, a log is there, or the file is no sound log of ours
 */
export async function restore(from: string, folder: string): Promise<Copied> {
  if (!existsSync(from)) throw new StoreError(`There is no file ${from}.`);
  makeWritable(folder);
  const lock = lockFolder(folder);
  try {
    const log = join(folder, 'caps.sqlite');
    // Another log's WAL beside it would be played into what is restored.
    const there = [log, `${log}-wal`, `${log}-journal`].find((file) => existsSync(file));
    if (there) throw new StoreError(`There is a log already: move ${there}* away first.`);
    checkHeader(from);
    return await copy(from, log, (db) => {
      db.prepare(`UPDATE meta SET value = ? WHERE name = 'epoch'`).run(newEpoch());
    });
  } finally {
    lock.close();
  }
}

/** @param finish what is changed in the copy before it gets its name */
async function copy(from: string, to: string, finish: (db: DatabaseSync) => void): Promise<Copied> {
  const part = `${to}.${randomBytes(4).toString('hex')}.part`;
  try {
    const source = new DatabaseSync(from, { readOnly: true });
    try {
      // All at one go: a copy in steps begins again whenever the hub has written in between.
      await backup(source, part, { rate: pagesMax });
    } finally {
      source.close();
    }
    const records = settle(part, finish);
    sync(part);
    renameSync(part, to);
    sync(dirname(resolve(to)));
    return { path: to, records, bytes: statSync(to).size };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${from} could not be copied to ${to} (${reasonOf(error)}).`, { cause: error });
  } finally {
    for (const rest of ['', '-journal', '-wal', '-shm']) rmSync(part + rest, { force: true });
  }
}

/** Makes one file of the copy, looks through all of it, and @returns how many records it has. */
function settle(part: string, finish: (db: DatabaseSync) => void): number {
  checkFile(part, Infinity);
  const db = new DatabaseSync(part);
  try {
    db.exec('PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE');
    const { records, last } = db
      .prepare('SELECT count(*) AS records, coalesce(max(seq), 0) AS last FROM log')
      .get() as { records: number; last: number };
    if (records !== last) throw new Error(`its log ends at ${last} and has ${records} records`);
    finish(db);
    return records;
  } finally {
    db.close();
  }
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
