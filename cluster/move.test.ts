import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { moveRun } from '../proofs/move-run.ts';
import { seed } from '../proofs/proof.ts';
import { openPostgresStore } from '../server/store/postgres/postgres.ts';
import { openPostgresSource } from '../server/store/postgres/tables.ts';
import { openPostgresTarget } from '../server/store/postgres/target.ts';
import { openSqliteStore } from '../server/store/sqlite/sqlite.ts';
import { openSqliteSource } from '../server/store/sqlite/tables.ts';
import { openSqliteTarget } from '../server/store/sqlite/target.ts';
import { type Store, StoreError } from '../server/store/store.ts';
import { readLines } from '../server/store/transfer/file.ts';
import type { LogSource } from '../server/store/transfer/tables.ts';
import { type ExportReport, exportLog, importLog } from '../server/store/transfer/transfer.ts';
import { seeded } from '../testkit/chance.ts';
import { writeFullLog } from '../testkit/full-log.ts';
import { startHub } from '../testkit/hub-process.ts';
import { writeLargeExport } from '../testkit/large-export.ts';
import { PostgresServer } from '../testkit/postgres-server.ts';
import { runUpkeep, startUpkeep } from '../testkit/upkeep-process.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.remove());

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caps-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const quiet = () => {};
const openStore = (url: string): Promise<Store> =>
  openPostgresStore({ url, folder: at('known'), tell: quiet });

async function exported(opening: LogSource | Promise<LogSource>, file: string): Promise<ExportReport> {
  const source = await opening;
  try {
    return await exportLog(source, file);
  } finally {
    await source.close();
  }
}

async function keysIn(store: Store): Promise<readonly object[]> {
  const keys = await store.keys.list();
  return keys.map(({ hash, ...key }) => ({ ...key, hash: Buffer.from(hash).toString('hex') }));
}

/** All lines but the first, which says where the log was. */
async function rowsIn(file: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of readLines(file)) lines.push(line);
  return lines.slice(1);
}

/** A user without any right but on this database. @returns its address for that user */
async function ownedBy(user: string, url: string): Promise<string> {
  await server.query('postgres', `CREATE ROLE ${user} LOGIN`);
  await server.query('postgres', `ALTER DATABASE ${nameIn(url)} OWNER TO ${user}`);
  return url.replace('caps@', `${user}@`);
}

const nameIn = (url: string) => new URL(url).pathname.slice(1);

/** Whether the database has a log, or the tables for one. */
async function hasLog(url: string): Promise<boolean> {
  const rows = await server.query(nameIn(url), `SELECT 1 FROM pg_tables WHERE schemaname = 'caps'`);
  return rows.length > 0;
}

it('[D3][D4][A2] a log goes on after each move: from a folder to a database, to another database, and back', async () => {
  const houses = [
    { folder: at('old') },
    { folder: at('known-1'), databaseUrl: await server.database() },
    { folder: at('known-2'), databaseUrl: await server.database() },
    { folder: at('new') },
  ];
  expect(await moveRun(folder, houses)).toBe(63);
});

it('[D2][D4][D5] every row of a log comes back from PostgreSQL as it went there', async () => {
  const store = openSqliteStore(at('old'));
  await writeFullLog(store, 30);
  const [setBacks, keys] = [await store.setBacks(), await keysIn(store)];
  await store.close();
  await exported(openSqliteSource(at('old')), at('one.zst'));
  const url = await ownedBy('keeper', await server.database());
  const there = await importLog(at('one.zst'), () => openPostgresTarget(url, quiet));
  await exported(openPostgresSource(url), at('two.zst'));
  const back = await importLog(at('two.zst'), async () => openSqliteTarget(at('new')));
  await exported(openSqliteSource(at('new')), at('three.zst'));
  const [one, two, three] = await Promise.all(
    ['one.zst', 'two.zst', 'three.zst'].map((name) => rowsIn(at(name))),
  );
  expect(two).toEqual(one);
  expect(three).toEqual(one);
  expect([there.tables.blobs.rows, back.tables]).toEqual([10, there.tables]);
  expect([there.epoch, back.epoch]).toEqual([store.epoch, store.epoch]);
  const tables = await server.query(nameIn(url), `SELECT tablename FROM pg_tables WHERE schemaname = 'caps'`);
  const all = [
    'acknowledged',
    'blobs',
    'commands',
    'keys',
    'log',
    'parcels',
    'profiles',
    'repeats',
    'outbound',
  ];
  // The head is what the log says of itself; the rest is of hubs that run, or of the tables themselves.
  const others = ['entries', 'head', 'hubs', 'leases', 'probe', 'refusals', 'version'];
  expect(new Set(tables.flatMap(Object.values))).toEqual(new Set([...all, ...others]));
  const moved = await openStore(url);
  expect([await moved.setBacks(), await keysIn(moved)]).toEqual([setBacks, keys]);
  expect(Buffer.from(moved.secret).equals(store.secret)).toBe(true);
  expect(setBacks).toHaveLength(2);
  await moved.close();
});

it('[D2] an import that is killed leaves nothing in the database, and the next one goes through', async () => {
  await writeLargeExport(at('log.zst'), 3_000);
  const url = await server.database();
  const env = { DATABASE_URL: url };
  const chance = seeded(seed);
  for (let kills = 0; kills < 4; ) {
    const { child, ended } = startUpkeep(['import', '--from', at('log.zst')], { env });
    while (!(await isWriting()) && child.exitCode === null) await pause(5);
    await pause(chance.int(0, 600));
    child.kill('SIGKILL');
    if ((await ended).code === -1) kills += 1;
    while (await isWriting()) await pause(5);
    expect(await hasLog(url), `SEED=${seed}`).toBe(false);
  }
  const { code, stdout, stderr } = await runUpkeep(['import', '--from', at('log.zst')], { env });
  expect([code, stdout, stderr]).toEqual([0, expect.stringContaining('12,000 records without a hole'), '']);
  const store = await openStore(url);
  expect((await store.head()).seq).toBe(12_000);
  await store.close();
});

async function isWriting(): Promise<boolean> {
  const rows = await server.query(
    'postgres',
    `SELECT 1 FROM pg_stat_activity WHERE application_name = 'caps-transfer' AND backend_xid IS NOT NULL`,
  );
  return rows.length > 0;
}

it('[D3] an export while hubs run has one moment, and its import a new epoch', async () => {
  const url = await server.database();
  const store = await openStore(url);
  await writeFullLog(store, 30);
  const before = (await store.head()).seq;
  const source = await openPostgresSource(url);
  await source.identity();
  await store.profiles.put('green', '{}');
  const { isLive, tables } = await exported(source, at('log.zst'));
  await store.close();
  expect([isLive, tables.records.rows, tables.profiles.rows]).toEqual([true, before, 2]);
  const { epoch, isRenamed } = await importLog(at('log.zst'), async () => openSqliteTarget(at('new')));
  expect([isRenamed, epoch === store.epoch]).toEqual([true, false]);
});

it('a hub that starts during an import is refused in one line, and starts after it', async () => {
  const url = await server.database();
  const target = await openPostgresTarget(url, quiet);
  await expect(openStore(url)).rejects.toThrow(
    /^A log is being imported into the database: start the hub when that has ended\.$/,
  );
  await expect(openPostgresTarget(url, quiet)).rejects.toThrow(/another log is being imported into it\.$/);
  await target.close();
  await (await openStore(url)).close();
});

describe('refuses in a sentence', () => {
  async function expectNo(task: Promise<unknown>, why: RegExp): Promise<void> {
    const error: unknown = await task.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreError);
    expect(String(error)).toMatch(why);
    expect(String(error)).toMatch(/^StoreError: [^\n]+\.$/);
  }

  it('a database with a log, or with a hub that has none yet', async () => {
    await writeLargeExport(at('log.zst'), 10);
    const url = await server.database();
    await importLog(at('log.zst'), () => openPostgresTarget(url, quiet));
    await expectNo(
      openPostgresTarget(url, quiet),
      /There is a log already in the database .*: import into an empty one/,
    );
    const other = await server.database();
    const hub = await startHub({ env: { DATABASE_URL: `${other}?application_name=ours` } });
    await expectNo(openPostgresTarget(other, quiet), /Hubs are running on the database .*: stop them first/);
    expect(await hub.stop()).toBe(0);
    await hub.dispose();
    // It left an empty log.
    await importLog(at('log.zst'), () => openPostgresTarget(other, quiet));
  });

  it('a database without a log, and one that the user may not use', async () => {
    const url = await server.database();
    await expectNo(Promise.resolve(openPostgresSource(url)), /There is no log in the database /);
    await server.query('postgres', 'CREATE ROLE stranger LOGIN');
    const theirs = url.replace('caps@', 'stranger@');
    await expectNo(openPostgresTarget(theirs, quiet), /this user may not create or use the schema “caps”/);
    await (await openStore(url)).close();
    await expectNo(
      Promise.resolve(openPostgresSource(theirs)),
      /this user may not create or use the schema “caps”/,
    );
  });

  it('a log that does not fit together, and leaves nothing in the database', async () => {
    const url = await server.database();
    const store = await openStore(url);
    await writeFullLog(store, 30);
    await store.close();
    const damage = async (sql: string, why: RegExp) => {
      await server.query(nameIn(url), sql);
      await expectNo(exported(openPostgresSource(url), at('log.zst')), why);
    };
    await damage(
      `UPDATE caps.log SET text = replace(text, 'Hulda 7', 'Hilda 7')`,
      /The log is damaged \(record \d+\)/,
    );
    await damage('UPDATE caps.head SET seq = seq + 1', /The log is damaged \(record \d+\)/);
  });
});
