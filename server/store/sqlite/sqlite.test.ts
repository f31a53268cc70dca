import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { apply, type UnnumberedRecord } from '../../../protocol/parcel.ts';
import { describeStore } from '../../../testkit/contracts/store.contract.ts';
import { type Store, StoreError } from '../store.ts';
import { openSqliteStore } from './sqlite.ts';

describeStore('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caps-'));
  return {
    open: async () => openSqliteStore(folder),
    remove: async () => rmSync(folder, { recursive: true }),
  };
});

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caps-'));
  file = join(folder, 'caps.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What it says when it refuses; fails if it opens. */
function refusal(at = folder): string {
  let store: Store;
  try {
    store = openSqliteStore(at);
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    return error instanceof Error ? error.message : '';
  }
  void store.close();
  throw new Error('It opened.');
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Enough records that the file has pages in its middle. */
async function fill(store: Store): Promise<void> {
  const payload = { store: 'red', customer: 'Hulda', address: 'x'.repeat(900) };
  await store.commit({ parcels: [], commands: [] }, ({ head }) => ({
    appends: Array.from({ length: 200 }, (_, i) => {
      const record: UnnumberedRecord = {
        ...{ event: 'pickup', status: 'ready', rev: 1, time: '2026-11-20T18:00:00.000Z', via: 'hub' },
        ...{ payload: { ...payload, orderID: `${head.seq + i}` }, by: { role: 'vendor', id: 'red' } },
      };
      return { record, parcel: apply(undefined, record), board: 'on' };
    }),
    result: undefined,
  }));
}

async function aLog(): Promise<void> {
  const store = openSqliteStore(folder);
  await fill(store);
  await store.close();
}

it('[S4] a probe reaches the disk every time', async () => {
  const store = openSqliteStore(folder);
  const written = () => hashOf(`${file}-wal`);
  await fill(store);
  const before = written();
  await store.probe(8);
  const once = written();
  await store.probe(8);
  expect(new Set([before, once, written()]).size).toBe(3);
  await store.close();
});

describe('a folder', () => {
  it('that another hub has is refused, and can be had once that hub has gone', async () => {
    const store = openSqliteStore(folder);
    expect(refusal()).toBe(`Another hub is already running on the data folder ${folder}.`);
    await fill(store);
    await store.close();
    const next = openSqliteStore(folder);
    expect(await next.head()).toMatchObject({ seq: 200 });
    await next.close();
  });

  it('is made where it is missing', async () => {
    const deep = join(folder, 'a', 'b');
    await openSqliteStore(deep).close();
    expect(readdirSync(deep)).toContain('caps.sqlite');
  });

  it('that cannot be made is refused', () => {
    const blocker = join(folder, 'file');
    writeFileSync(blocker, 'mine');
    expect(refusal(join(blocker, 'data'))).toMatch(
      /^The data folder .* cannot be written \(.*\)\. Set CAPS_DATA\.$/,
    );
    expect(readFileSync(blocker, 'utf8')).toBe('mine');
  });

  it('whose lock cannot be opened is refused', () => {
    mkdirSync(join(folder, 'caps.lock'));
    expect(refusal()).toMatch(/^[^\n]+\.$/);
  });
});

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}

describe('a file that is no log of ours is refused in one line and left as it is:', () => {
  function expectRefused(what: RegExp): void {
    const before = hashOf(file);
    const said = refusal();
    expect(said).toMatch(what);
    expect(said).toMatch(/^[^\n]+\.$/);
    expect(said).toContain(folder);
    expect(hashOf(file)).toBe(before);
  }

  it('garbage', () => {
    writeFileSync(file, 'This is my diary. '.repeat(1000));
    expectRefused(/not a SQLite database, or it is damaged/);
  });

  it('a few bytes', () => {
    writeFileSync(file, 'SQLite format 3\0');
    expectRefused(/not a SQLite database, or it is damaged/);
  });

  it('another application’s database', () => {
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE friends (name TEXT)');
    other.close();
    expectRefused(/not a log of CAPS/);
  });

  it('one with its end cut off', async () => {
    await aLog();
    truncateSync(file, 3 * 4096);
    expectRefused(/cannot be read \(.*\)\. Move it away and restore a backup/);
  });

  it('one that is damaged in the middle', async () => {
    await aLog();
    const bytes = readFileSync(file);
    bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 8192);
    writeFileSync(file, bytes);
    expectRefused(/cannot be read \(.*\)\. Move it away and restore a backup/);
  });

  it('one that is damaged while a killed hub’s last commits still wait beside it', async () => {
    await aLog();
    const store = openSqliteStore(folder);
    await fill(store);
    const kept = join(folder, 'kept');
    copyFileSync(`${file}-wal`, kept);
    await store.close();
    copyFileSync(kept, `${file}-wal`);
    const bytes = readFileSync(file);
    // Page 2 belongs to the first table; the commits beside it touch only the last pages.
    bytes.fill(0xff, 4096, 2 * 4096);
    writeFileSync(file, bytes);
    expectRefused(/cannot be read \(.*\)\. Move it away and restore a backup/);
  });

  it('one that is empty: a log was there, or nobody would have made it', () => {
    writeFileSync(file, '');
    expectRefused(/caps\.sqlite is empty.*Restore a backup, or remove the file to begin a new log/);
  });

  it('one whose file is missing, and its WAL is there', async () => {
    await aLog();
    writeFileSync(`${file}-wal`, 'x');
    rmSync(file);
    expect(refusal()).toMatch(
      /is missing, and what belongs to it is there: .*caps\.sqlite-wal\. Bring it back/,
    );
    expect(existsSync(file)).toBe(false);
  });

  it('one that a newer version wrote', async () => {
    await aLog();
    const db = new DatabaseSync(file);
    const known = versionOf(db);
    db.exec(`PRAGMA user_version = ${known + 1}`);
    db.close();
    expectRefused(
      new RegExp(`was written by a newer CAPS \\(its format is ${known + 1}, this one knows ${known}\\)`),
    );
  });

  it('one that a newer version wrote and was killed before the file itself said so', async () => {
    await aLog();
    const db = new DatabaseSync(file);
    const known = versionOf(db);
    db.exec(`PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = ${known + 1}`);
    const kept = join(folder, 'kept');
    const old = join(folder, 'old');
    copyFileSync(`${file}-wal`, kept);
    copyFileSync(file, old);
    db.close();
    copyFileSync(kept, `${file}-wal`);
    copyFileSync(old, file);
    expectRefused(
      new RegExp(`was written by a newer CAPS \\(its format is ${known + 1}, this one knows ${known}\\)`),
    );
  });
});

describe('opening', () => {
  it('takes back what was begun when the power was cut, where the log was no WAL yet, as after a restore', async () => {
    await aLog();
    const db = new DatabaseSync(file);
    db.exec('PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN');
    db.exec(`UPDATE log SET text = 'half'`);
    const cut = join(folder, 'cut');
    mkdirSync(cut);
    for (const end of ['', '-journal']) copyFileSync(file + end, join(cut, `caps.sqlite${end}`));
    db.close();
    const store = openSqliteStore(cut);
    const { rows, damaged } = await store.read({ kind: 'all' }, { after: 0, limit: 500 });
    expect([rows.length, damaged]).toEqual([200, undefined]);
    await store.close();
  });

  it('a log that was begun and no further is finished', async () => {
    const db = new DatabaseSync(file);
    db.exec(`PRAGMA application_id = ${0x43415053}`);
    db.close();
    const store = openSqliteStore(folder);
    expect(await store.head()).toEqual({ seq: 0, time: '' });
    await store.close();
  });

  it('[D1] syncs at every commit, into a write-ahead log', async () => {
    const made: DatabaseSync[] = [];
    const prepare = DatabaseSync.prototype.prepare;
    vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, sql) {
      made.push(this);
      return prepare.call(this, sql);
    });
    const store = openSqliteStore(folder);
    const connection = made.at(-1);
    vi.restoreAllMocks();
    expect(connection?.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(connection?.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    await store.close();
  });
});
