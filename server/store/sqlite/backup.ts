/**
 * Copies a log while a hub writes it, and restores it. Either makes one file, which appears under its name only when
 * it is complete, checked and on disk.
 */

import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import type { Parcel } from '../../../protocol/parcel.ts';
import type { BlobId } from '../blobs.ts';
import { type CopiedImages, copyImages, imagesBeside } from '../files/blob-copies.ts';
import { blobsFolder } from '../files/folder-blobs.ts';
import { lockFolder, makeWritable } from '../files/folder-lock.ts';
import { makeOwnFile } from '../files/own-files.ts';
import { PartFile, removeLeftParts, sync } from '../files/part-file.ts';
import { reasonOf } from '../reason.ts';
import { StoreError } from '../store.ts';
import { damagedIn } from './check.ts';
import { checkFile, checkHeader, hasSums, renameLog } from './file.ts';
import { keepRevoked, type RestoredKeys, type ValidKeys, validKeys } from './keys.ts';
import { salvage } from './salvage.ts';

/** SQLite's maximum, and so all pages. */
const pagesMax = 2 ** 31 - 2;
/** Names this many; counts the rest. */
const namedMax = 10;

export interface CopyReport {
  readonly path: string;
  readonly records: number;
  readonly bytes: number;
  /** Damaged records that were left out; empty unless requested. */
  readonly skipped: readonly string[];
  /** The images of proofs, which are in a folder beside the file. */
  readonly images: CopiedImages;
}

export interface RestoreReport extends CopyReport {
  readonly keys: RestoredKeys;
  /** Where the replaced log is now. */
  readonly replaced?: string | undefined;
}

export interface CopyOptions {
  /** Leaves damaged records out instead of refusing to copy. */
  readonly skip?: boolean | undefined;
}

export interface RestoreOptions extends CopyOptions {
  /** Puts an existing log aside. Keys that it revoked stay revoked. */
  readonly replace?: boolean | undefined;
}

/**
 * Copies a folder's log as of one moment, without the hub's lock, and its images into a folder beside the copy.
 * @throws StoreError if there is no log of ours, it is damaged, the target exists, or it cannot be written
 */
export async function backUp(folder: string, to: string, options: CopyOptions = {}): Promise<CopyReport> {
  const log = join(folder, 'caps.sqlite');
  if (!existsSync(log)) throw new StoreError(`There is no log in ${folder}. Say where with --data.`);
  if (existsSync(to)) throw new StoreError(`The file ${to} is there already, and nothing is overwritten.`);
  checkHeader(log);
  mkdirSync(dirname(resolve(to)), { recursive: true });
  return copy(log, to, options, { images: [join(folder, blobsFolder), imagesBeside(to)] });
}

/**
 * Makes a backup a folder's log, under a new epoch: a cursor of the old log may be past the backup's end, and would
 * resume amid other records. The secret stays, and so do customers' links.
 * @throws StoreError if a hub is running there, a log exists, or the backup is no sound log of ours
 */
export async function restore(
  from: string,
  folder: string,
  options: RestoreOptions = {},
): Promise<RestoreReport> {
  if (!existsSync(from)) throw new StoreError(`There is no file ${from}.`);
  makeWritable(folder);
  const lock = lockFolder(folder);
  try {
    const log = join(folder, 'caps.sqlite');
    // SQLite would apply another log's WAL to the restored one.
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
      images: [imagesBeside(from), join(folder, blobsFolder)],
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

/** The log that a backup replaces. */
class OldLog {
  readonly aside: string;
  /** Undefined if it cannot be read. */
  readonly keys: ValidKeys | undefined;
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    this.aside = join(dirname(file), `caps-replaced-${time}.sqlite`);
    this.keys = this.#settled();
  }

  /** Folds its WAL into the file. */
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
      // Damaged, which may be why a backup is restored.
      return undefined;
    }
  }

  /** There is a log at every moment: otherwise a hub started now would begin a new one. */
  putAside(): void {
    for (const end of ['-wal', '-shm', '-journal']) {
      if (existsSync(this.#file + end)) renameSync(this.#file + end, this.aside + end);
    }
    if (!existsSync(this.#file)) return;
    try {
      linkSync(this.#file, this.aside);
    } catch {
      // The file system has no hard links.
      makeOwnFile(this.aside);
      copyFileSync(this.#file, this.aside);
      sync(this.aside);
    }
  }
}

interface Steps {
  /** Folders from and to which the images are copied. */
  readonly images: readonly [from: string, to: string];
  /** Changes the copy before it gets its name. */
  finish?(db: DatabaseSync): void;
  beforeItIsThere?(): void;
}

async function copy(
  from: string,
  to: string,
  { skip = false }: CopyOptions,
  steps: Steps,
): Promise<CopyReport> {
  let part: PartFile | undefined;
  try {
    removeLeftParts(dirname(resolve(to)));
    part = new PartFile(to);
    const skipped = skip && isSummed(from) ? salvage(from, part.path) : await copyWhole(from, part.path);
    const { records, named } = settle(part.path, skip, steps);
    // The file is the sign that all of it is there.
    const images = await copyImages(...steps.images, named);
    steps.beforeItIsThere?.();
    part.settle();
    return { path: to, records, bytes: statSync(to).size, skipped, images };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`${from} could not be copied to ${to} (${reasonOf(error)}).`, { cause: error });
  } finally {
    part?.close();
  }
}

/** Older logs have no checksums to verify. */
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
    // In one step: a copy in several steps would restart whenever the hub writes.
    await backup(source, to, { rate: pagesMax });
  } finally {
    source.close();
  }
  return [];
}

/** Merges the copy into one file and checks it. @returns the number of records, and the images that proofs name */
function settle(part: string, skip: boolean, steps: Steps): { records: number; named: BlobId[] } {
  checkFile(part, Infinity);
  const db = new DatabaseSync(part);
  try {
    db.exec('PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE');
    if (!skip) refuseDamaged(db);
    const { records, last } = db
      .prepare('SELECT count(*) AS records, coalesce(max(seq), 0) AS last FROM log')
      .get() as { records: number; last: number };
    if (records !== last && !skip) throw new Error(`its log ends at ${last} and has ${records} records`);
    steps.finish?.(db);
    return { records, named: imagesIn(db) };
  } finally {
    db.close();
  }
}

/** The images that proofs name. Logs of before have none. */
function imagesIn(db: DatabaseSync): BlobId[] {
  if (!hasSums(db)) return [];
  const rows = db
    .prepare(`SELECT store, order_id, state FROM parcels WHERE instr(state, '"proofs":') > 0`)
    .iterate() as Iterable<unknown> as Iterable<{ store: string; order_id: string; state: string }>;
  return Array.from(rows).flatMap(({ store, order_id: orderID, state }) => {
    const { proofs = [] } = JSON.parse(state) as Pick<Parcel, 'proofs'>;
    return proofs.flatMap(({ blob: hash }) =>
      hash === undefined ? [] : [{ parcel: { store, orderID }, hash }],
    );
  });
}

/** @throws StoreError naming what is damaged */
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
