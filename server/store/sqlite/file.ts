/**
 * The SQLite store's file: created, checked, locked and migrated. A file that is not a log of ours is refused and
 * left untouched.
 */

import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { lockFolder, makeWritable } from '../files/folder-lock.ts';
import { closeToOthers } from '../files/own-files.ts';
import { PartFile, removeLeftParts } from '../files/part-file.ts';
import { logCacheKib } from '../memory.ts';
import { reasonOf } from '../reason.ts';
import { newEpoch } from '../rows/epoch.ts';
import { metaSum } from '../rows/rows.ts';
import { StoreError } from '../store.ts';
import { addChecksums } from './sums.ts';

/** "CAPS", so that another program's file is never taken for ours. */
const applicationId = 0x43415053;
/** A larger file is not fully checked at the start, which would take too long. The patrol checks it. */
export const checkedBytesMax = 16 * 1024 * 1024;
/** 16 MiB of WAL, so that pages written repeatedly reach the file once. */
const checkpointPages = 4_096;

/** Code where SQL is not enough. Each can resume after an interruption. */
type Migration = string | ((db: DatabaseSync, tell: (words: string) => void) => void);

/** One step per schema version; a step is never edited once a release has run it. */
const migrations: readonly Migration[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE log (
    seq INTEGER PRIMARY KEY,
    store TEXT NOT NULL,
    store_seq INTEGER NOT NULL,
    order_id TEXT NOT NULL,
    rev INTEGER NOT NULL,
    previous INTEGER NOT NULL,  -- seq of the parcel's record before this one, 0 if none: its life without an index
    board TEXT NOT NULL,
    drivers TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX log_by_store ON log (store, store_seq);
  CREATE TABLE parcels (
    first_seq INTEGER PRIMARY KEY,  -- of its pickup, so that new parcels are appended
    first_store_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    last_store_seq INTEGER NOT NULL,
    store TEXT NOT NULL,
    order_id TEXT NOT NULL,
    status TEXT NOT NULL,
    holder TEXT,
    finished INTEGER NOT NULL,
    state TEXT NOT NULL  -- the rest of the parcel as JSON, but for what its pickup says: that stands in the log
  ) STRICT;
  CREATE UNIQUE INDEX parcels_by_key ON parcels (store, order_id);
  CREATE INDEX parcels_unfinished ON parcels (store, first_seq) WHERE finished = 0;
  CREATE TABLE commands (
    id TEXT NOT NULL,  -- first in the key: new UUIDv7 ids of all senders stand together
    actor TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (id, actor)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Parcels whose store has confirmed that it has heard how they ended.
  CREATE TABLE acknowledged (first_seq INTEGER PRIMARY KEY) STRICT;
  `,
  `
  -- Access keys, of which only the hash is known here.
  CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    hint TEXT NOT NULL,
    created_at TEXT NOT NULL,
    revoked_at TEXT
  ) STRICT;
  `,
  `
  -- What stores say of themselves, as JSON.
  CREATE TABLE profiles (store TEXT PRIMARY KEY, profile TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- Whatever is listed or looked for, the order of its pages is that of an index: no page reads what is not in it.
  -- Most parcels are delivered, and nobody lists those alone; a driver's own may be many as well, those in hand are few.
  CREATE INDEX parcels_by_status ON parcels (status, first_seq) WHERE status <> 'delivered';
  CREATE INDEX parcels_by_holder ON parcels (holder, first_seq) WHERE holder IS NOT NULL;
  CREATE INDEX parcels_in_hand ON parcels (holder, status, first_seq) WHERE holder IS NOT NULL AND finished = 0;
  `,
  // A checksum in every row (docs/decisions/0031).
  addChecksums,
  `
  -- Orders that repeat, as JSON.
  CREATE TABLE repeats (
    store TEXT NOT NULL,
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    crc INTEGER,
    PRIMARY KEY (store, id)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- What is sent to others: to whom, how far, what came of it.
  CREATE TABLE outbound (
    topic TEXT NOT NULL,
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    crc INTEGER,
    PRIMARY KEY (topic, id)
  ) STRICT, WITHOUT ROWID;
  `,
];
/** Rows have checksums from this version on. */
const sumsVersion = migrations.indexOf(addChecksums) + 1;

/** The open log, with its lock against other hubs. */
export interface SqliteFile {
  readonly path: string;
  readonly db: DatabaseSync;
  /** Safe to call twice. */
  close(): void;
}

/**
 * Opens or creates a folder's log, migrates it and locks out other hubs.
 * @param tell called with a sentence about slow steps
 * @param checkedMax a larger file is not fully checked, in bytes
 * @throws StoreError if the folder is not writable, another hub has it, or the file is not a log of ours
 */
export function openSqliteFile(
  folder: string,
  tell: (words: string) => void,
  checkedMax: number = checkedBytesMax,
): SqliteFile {
  const file = join(folder, 'caps.sqlite');
  makeWritable(folder);
  const lock = lockFolder(folder);
  try {
    removeLeftParts(folder);
    closeToOthers(folder, tell);
    checkHeader(file);
    const db = openLog(file, tell, checkedMax);
    return {
      path: file,
      db,
      close() {
        if (db.isOpen) db.close();
        if (lock.isOpen) lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error instanceof StoreError ? error : unreadable(file, error);
  }
}

export function unreadable(path: string, cause: unknown): StoreError {
  return new StoreError(
    `The log ${path} cannot be read (${reasonOf(cause)}). Move it away and restore a backup.`,
    { cause },
  );
}

/** Checks the file's first bytes before SQLite may touch it. */
export function checkHeader(file: string): void {
  if (!existsSync(file)) return;
  if (statSync(file).size === 0) {
    throw new StoreError(
      `The log ${file} is empty, which no hub leaves behind: the disk or somebody has emptied it. Restore a backup, or remove the file to begin a new log.`,
    );
  }
  const header = Buffer.alloc(100);
  const handle = openSync(file, 'r');
  const read = readSync(handle, header);
  closeSync(handle);
  if (read < header.length || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw new StoreError(`The file ${file} is not a SQLite database, or it is damaged.`);
  }
  if (header.readUInt32BE(68) !== applicationId)
    throw new StoreError(`The file ${file} is not a log of CAPS.`);
  checkVersion(file, header.readUInt32BE(60));
}

function checkVersion(file: string, version: number): void {
  if (version <= migrations.length) return;
  throw new StoreError(
    `The log ${file} was written by a newer CAPS (its format is ${version}, this one knows ${migrations.length}).`,
  );
}

function openLog(file: string, tell: (words: string) => void, checkedMax: number): DatabaseSync {
  if (existsSync(file)) checkFile(file, checkedMax);
  else beginLog(file);
  const db = new DatabaseSync(file);
  try {
    db.exec(
      `PRAGMA synchronous = FULL; PRAGMA cache_size = -${logCacheKib}; PRAGMA wal_autocheckpoint = ${checkpointPages}`,
    );
    migrate(db, tell);
    checkColumns(db, file);
    db.exec('PRAGMA journal_mode = WAL');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Checks the file with the WAL that a killed hub left. Read-only: closing another connection would fold the WAL into
 * a file that is then refused.
 * @param bytesMax a larger file is not fully checked
 */
export function checkFile(file: string, bytesMax: number): void {
  // Rolls back a journal from before the file had a WAL, which writes to it.
  const db = new DatabaseSync(file, { readOnly: !existsSync(`${file}-journal`) });
  try {
    checkVersion(file, versionOf(db));
    if (statSync(file).size > bytesMax) return;
    const [first] = Object.values(db.prepare('PRAGMA integrity_check(1)').get() ?? {});
    if (first !== 'ok') throw new Error(String(first));
  } finally {
    db.close();
  }
}

function versionOf(db: DatabaseSync): number {
  return Number(Object.values(db.prepare('PRAGMA user_version').get() ?? {})[0]);
}

/** Creates a log completely or not at all: a killed hub leaves no empty file. */
function beginLog(file: string): void {
  // SQLite would apply them to the new log.
  const rest = [`${file}-wal`, `${file}-journal`].find((one) => existsSync(one));
  if (rest !== undefined) {
    throw new StoreError(
      `The log ${file} is missing, and what belongs to it is there: ${rest}. Bring it back, or move that away to begin a new log.`,
    );
  }
  const part = new PartFile(file);
  try {
    makeLog(part.path);
    part.settle();
  } finally {
    part.close();
  }
}

/** Turns an empty file into a log. */
export function makeLog(file: string): void {
  const db = new DatabaseSync(file);
  try {
    // Nobody knows of it before it is synced as a whole.
    db.exec(`PRAGMA synchronous = OFF; PRAGMA application_id = ${applicationId}`);
    migrate(db, () => {});
    db.exec('PRAGMA journal_mode = WAL');
  } finally {
    db.close();
  }
}

function migrate(db: DatabaseSync, tell: (words: string) => void): void {
  const version = versionOf(db);
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    const settle = `PRAGMA user_version = ${index + 1}`;
    if (typeof step === 'string') db.exec(`BEGIN; ${step} ${settle}; COMMIT`);
    else {
      step(db, tell);
      db.exec(settle);
    }
  }
  // An existing log has them, or they are damaged: new ones would be a lie.
  if (version > 0) return;
  putMeta(db, 'epoch', Buffer.from(newEpoch()));
  putMeta(db, 'secret', randomBytes(32));
}

/**
 * A flipped bit in a table's schema renames a column or changes its type, and every row would read as empty there.
 */
function checkColumns(db: DatabaseSync, file: string): void {
  const sound = new DatabaseSync(':memory:');
  try {
    migrate(sound, () => {});
    const expected = columnsIn(sound);
    const found = new Set(columnsIn(db));
    const missing = expected.find((column) => !found.has(column));
    if (missing === undefined && found.size === expected.length) return;
    const words = missing === undefined ? 'it has columns that no log has' : `it has no column ${missing}`;
    throw new StoreError(`The log ${file} is damaged: ${words}.`);
  } finally {
    sound.close();
  }
}

/** Each as `table.column type` with its constraints. */
function columnsIn(db: DatabaseSync): string[] {
  const columns = db.prepare(`SELECT concat_ws(' ', m.name || '.' || c.name, c.type,
      iif(c."notnull", 'NOT NULL', NULL), iif(c.pk, 'KEY ' || c.pk, NULL)) AS words
    FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'`);
  return columns.all().map(({ words }) => String(words));
}

export function putMeta(db: DatabaseSync, name: string, value: Uint8Array): void {
  const put = db.prepare('INSERT OR REPLACE INTO meta (name, value, crc) VALUES (?, ?, ?)');
  put.run(name, value, metaSum(name, value));
}

/** Gives a log a new epoch, so that no old cursor resumes in it. */
export function renameLog(db: DatabaseSync): void {
  const value = Buffer.from(newEpoch());
  if (hasSums(db)) putMeta(db, 'epoch', value);
  else db.prepare(`UPDATE meta SET value = ? WHERE name = 'epoch'`).run(value);
}

/** Whether no hub has to change it first. */
export function isOfThisVersion(db: DatabaseSync): boolean {
  return versionOf(db) === migrations.length;
}

/** An older log gets its checksums when a hub opens it. */
export function hasSums(db: DatabaseSync): boolean {
  return versionOf(db) >= sumsVersion;
}
