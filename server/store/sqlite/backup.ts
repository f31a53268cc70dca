/**
 * A copy of the log while a hub writes it, and the way back. Neither is more than a file: it appears under its name when
 * it is whole, checked and on disk, or not at all.
 */

import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { StoreError } from '../store.ts';
import { damagedIn } from './check.ts';
import { checkFile, checkHeader, hasSums, lockFolder, makeWritable, reasonOf, renameLog } from './file.ts';
import { keepRevoked, type RestoredKeys, type ValidKeys, validKeys } from './keys.ts';
import { makeOwnFile } from './own-files.ts';
import { PartFile, removeLeftParts, sync } from './part-file.ts';
import { salvage } from './salvage.ts';

/** Of a SQLite file, and so all there are. */
const pagesMax = 2 ** 31 - 2;
/** The rest is counted. */
const namedMax = 10;

export interface Copied {
  readonly path: string;
  readonly records: number;
  readonly bytes: number;
  /** What is damaged and was left out; only where that was asked for. */
  readonly skipped: readonly string[];
}

export interface Restored extends Copied {
  readonly keys: RestoredKeys;
  /** Where the log that was there is now. */
  readonly replaced?: string | undefined;
}

export interface CopyOptions {
  /** Goes around what is damaged, instead of refusing to copy. */
  readonly skip?: boolean | undefined;
}

export interface RestoreOptions extends CopyOptions {
  /** A log that is there is put aside, and what it knows of revoked keys goes on to hold. */
  readonly replace?: boolean | undefined;
}

/**
 * Copies the log of a folder as it is at one moment. The hub's lock is not touched.
 * @throws StoreError there is no log of ours, it is damaged, there is such a file already, or it cannot be written
 */
export async function backUp(folder: string, to: string, options: CopyOptions = {}): Promise<Copied> {
  const log = join(folder, 'caps.sqlite');
  if (!existsSync(log)) throw new StoreError(`There is no log in ${folder}. Say where with --data.`);
  if (existsSync(to)) throw new StoreError(`The file ${to} is there already, and nothing is overwritten.`);
  checkHeader(log);
  mkdirSync(dirname(resolve(to)), { recursive: true });
  return copy(log, to, options);
}

/**
 * Makes a backup the log of a folder, under a new epoch: a cursor of the old log may be past what the backup knew, and
 * would go on in the middle of something else. Its secret stays, and with it the customers' links.
 * @throws StoreError a hub is running there, a log is there, or the file is no sound log of ours
 */
export async function restore(from: string, folder: string, options: RestoreOptions = {}): Promise<Restored> {
  if (!existsSync(from)) throw new StoreError(`There is no file ${from}.`);
  makeWritable(folder);
  const lock = lockFolder(folder);
  try {
    const log = join(folder, 'caps.sqlite');
    // Another log's WAL beside it would be played into what is restored.
    const there = [log, `${log}-wal`, `${log}-journal`].find((file) => existsSync(file));
    if (there !== undefined && !options.replace) {
      throw new StoreError(
        `There is a log already: move ${there}* away first, or say --replace to put it aside and go on with the keys it has revoked.`,
      );
    }
    checkHeader(from);
    const old = there === undefined ? undefined : new OldLog(log);
    let keys: RestoredKeys = { valid: [], revoked: [] };
    const copied = await copy(from, log, options, {
      finish: (db) => {
        renameLog(db);
        keys = { revoked: keepRevoked(db, old?.keys), valid: validKeys(db).keys };
      },
      beforeItIsThere: () => old?.putAside(),
    });
    return { ...copied, keys, replaced: old?.aside };
  } finally {
    lock.close();
  }
}

/** The log that a backup takes the place of. */
class OldLog {
  readonly aside: string;
  /** Undefined: it cannot be read. */
  readonly keys: ValidKeys | undefined;
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    this.aside = join(dirname(file), `caps-replaced-${time}.sqlite`);
    this.keys = this.#settled();
  }

  /** As one file, with what its WAL holds. */
  #settled(): ValidKeys | undefined {
    try {
      const db = new DatabaseSync(this.#file);
      try {
        db.exec('PRAGMA journal_mode = DELETE');
        return validKeys(db);
      } finally {
        db.close();
      }
    } catch {
      // It is damaged, and that may be why a backup is restored.
      return undefined;
    }
  }

  /** At no moment is there no log: a hub that starts then would begin a new one. */
  putAside(): void {
    for (const end of ['-wal', '-shm', '-journal']) {
      if (existsSync(this.#file + end)) renameSync(this.#file + end, this.aside + end);
    }
    if (!existsSync(this.#file)) return;
    try {
      linkSync(this.#file, this.aside);
    } catch {
      // A disk that knows no links.
      makeOwnFile(this.aside);
      copyFileSync(this.#file, this.aside);
      sync(this.aside);
    }
  }
}

interface Steps {
  /** What is changed in the copy before it gets its name. */
  finish(db: DatabaseSync): void;
  beforeItIsThere(): void;
}

async function copy(from: string, to: string, { skip = false }: CopyOptions, steps?: Steps): Promise<Copied> {
  let part: PartFile | undefined;
  try {
    removeLeftParts(dirname(resolve(to)));
    part = new PartFile(to);
    const skipped = skip && isSummed(from) ? salvage(from, part.path) : await copyWhole(from, part.path);
    const records = settle(part.path, skip, steps);
    steps?.beforeItIsThere();
    part.settle();
    return { path: to, records, bytes: statSync(to).size, skipped };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${from} could not be copied to ${to} (${reasonOf(error)}).`, { cause: error });
  } finally {
    part?.close();
  }
}

/** What an older log says can only be believed. */
function isSummed(file: string): boolean {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return hasSums(db);
  } finally {
    db.close();
  }
}

async function copyWhole(from: string, to: string): Promise<readonly string[]> {
  const source = new DatabaseSync(from, { readOnly: true });
  try {
    // All at one go: a copy in steps begins again whenever the hub has written in between.
    await backup(source, to, { rate: pagesMax });
  } finally {
    source.close();
  }
  return [];
}

/** Makes one file of the copy, looks through all of it, and @returns how many records it has. */
function settle(part: string, skip: boolean, steps: Steps | undefined): number {
  checkFile(part, Infinity);
  const db = new DatabaseSync(part);
  try {
    db.exec('PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE');
    if (!skip) refuseDamaged(db);
    const { records, last } = db
      .prepare('SELECT count(*) AS records, coalesce(max(seq), 0) AS last FROM log')
      .get() as { records: number; last: number };
    if (records !== last && !skip) throw new Error(`its log ends at ${last} and has ${records} records`);
    steps?.finish(db);
    return records;
  } finally {
    db.close();
  }
}

/** @throws StoreError it names what is damaged */
function refuseDamaged(db: DatabaseSync): void {
  if (!hasSums(db)) return;
  const names: string[] = [];
  for (const name of damagedIn(db)) if (name !== undefined) names.push(name);
  if (names.length === 0) return;
  const more = names.length > namedMax ? ` and ${names.length - namedMax} more` : '';
  throw new StoreError(
    `The disk has damaged ${names.slice(0, namedMax).join(', ')}${more}. Take an earlier backup, or say --skip to go around it.`,
  );
}
