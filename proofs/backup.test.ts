import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../client/client.ts';
import type { Welcome } from '../protocol/messages.ts';
import { backUp } from '../server/store/sqlite/backup.ts';
import { openSqliteStore } from '../server/store/sqlite/sqlite.ts';
import { StoreError } from '../server/store/store.ts';
import { seeded } from '../testkit/chance.ts';
import { openShop, putOnDuty } from '../testkit/crew.ts';
import { readDisk } from '../testkit/ending.ts';
import { check, type IssuedCommand } from '../testkit/history.ts';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';
import { Recorder } from '../testkit/recorder.ts';
import { inWords } from '../testkit/verdict.ts';

const main = fileURLToPath(new URL('../server/main.ts', import.meta.url));
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the scripts behind `npm run backup` and `npm run restore`. */
function run(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caps-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** @returns the epoch, and whether the cursor was refused */
async function comeBack(hub: HubProcess, after: string): Promise<Welcome> {
  const client = connect({ url: hub.url, identity: { role: 'admin' }, after });
  const { promise, resolve } = Promise.withResolvers<Welcome>();
  client.on('welcome', resolve);
  const welcome = await promise;
  client.close();
  return welcome;
}

const secretIn = (file: string): Buffer => {
  const db = new DatabaseSync(file, { readOnly: true });
  const { value } = db.prepare(`SELECT value FROM meta WHERE name = 'secret'`).get() as { value: Uint8Array };
  db.close();
  return Buffer.from(value);
};

test('[D2][D3][D5] a backup made under load is restored: it has every record acked before it, and old cursors get a reset', {
  timeout: 90_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const hub = stack.adopt(await startHub(), (it) => it.dispose());
  const recorder = new Recorder();
  stack.defer(() => recorder.closeAll());
  for (let i = 0; i < 3; i += 1) {
    openShop(recorder, hub.url, `store-${i}`, seeded(seed + i), 16);
    putOnDuty(recorder, hub.url, `driver-${i}`, seeded(seed + 10 + i), 4);
  }
  await recorder.answered(500);
  const begun = performance.now();
  const file = join(folder, 'backups', 'today.sqlite');
  const ran = await run('backup', '--data', hub.data, '--to', file);
  const ended = performance.now();
  expect([ran.code, ran.stderr]).toEqual([0, '']);
  const during = recorder.commands.filter(({ end }) => end > begun && end < ended).length;
  await recorder.answered(300);
  // The backup is one file.
  expect(await readdir(join(folder, 'backups'))).toEqual(['today.sqlite']);
  expect(ran.stdout).toMatch(/^.* has all \d+ records of .*, \d+ bytes\.\n$/);
  expect(ran.stdout).toContain(`${(await stat(file)).size} bytes`);

  expect((await run('restore', '--from', file, '--data', hub.data)).stderr).toMatch(
    /^Another hub is already running on .*\.\n$/,
  );
  const old = await comeBack(hub, '0');
  recorder.closeAll();
  await hub.stop();
  const secret = secretIn(join(hub.data, 'caps.sqlite'));
  const refused = await run('restore', '--from', file, '--data', hub.data);
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^There is a log already: move .* away first, or say --replace [^\n]*\.\n$/,
    ),
  });
  await mkdir(join(folder, 'away'));
  for (const name of await readdir(hub.data)) await rename(join(hub.data, name), join(folder, 'away', name));
  const restored = await run('restore', '--from', file, '--data', hub.data);
  expect([restored.code, restored.stderr]).toEqual([0, '']);
  expect((await readdir(hub.data)).sort()).toEqual(['caps.lock', 'caps.sqlite']);

  const { log, rows } = await readDisk(hub.data);
  expect(ran.stdout).toContain(`all ${log.length} records`);
  expect(log.length).toBeGreaterThan(500);
  const commands = recorder.commands.map((issued): IssuedCommand => {
    if (issued.end < begun) return issued;
    return { ...issued, end: Number.POSITIVE_INFINITY, outcome: { kind: 'unknown' } };
  });
  const { unfinished: _, ...verdict } = check({ commands, watchers: [], log, rows });
  console.log(`SEED=${seed} ${JSON.stringify({ records: log.length, during, ms: ended - begun })}`);
  expect(inWords({ ...verdict, unfinished: { count: 0 } })).toBe('');
  expect(secretIn(join(hub.data, 'caps.sqlite')).equals(secret)).toBe(true);

  await hub.start();
  for (const seq of [0, 1, log.length, old.head]) {
    const welcome = await comeBack(hub, seq === 0 ? '0' : `${old.epoch}.${seq}`);
    expect(welcome).toMatchObject({ head: log.length, ...(seq === 0 ? {} : { reset: 'bad-cursor' }) });
    expect(welcome.epoch).not.toBe(old.epoch);
  }
});

describe('access keys', () => {
  const key = (id: string, owner: string) => ({
    ...({ id, hash: Buffer.alloc(32, id), role: 'driver', owner, name: '', hint: `drv_…${id}` } as const),
    createdAt: '2026-11-20T18:00:00.000Z',
  });
  const data = () => join(folder, 'data');
  const file = () => join(folder, 'backup.sqlite');

  /** A backup has two keys; one is revoked after it. */
  async function revokedSince(): Promise<void> {
    const store = openSqliteStore(data());
    await store.keys.add(key('ana', 'ana'));
    await store.keys.add(key('ben', 'ben\u001b[2J'));
    await backUp(data(), file());
    await store.keys.revoke('ana', '2026-11-21T18:00:00.000Z');
    await store.close();
  }
  async function revokedNow(): Promise<string[]> {
    const store = openSqliteStore(data());
    const list = await store.keys.list();
    await store.close();
    return list.filter(({ revokedAt }) => revokedAt !== undefined).map(({ id }) => id);
  }

  test('[A2] that were revoked stay revoked when a backup replaces the log that has the revocation', async () => {
    await revokedSince();
    const { code, stdout } = await run('restore', '--from', file(), '--data', data(), '--replace');
    expect(code).toBe(0);
    expect(stdout).toMatch(/These keys were revoked before, and stay so:\n {2}drv_…ana {2}driver 'ana'\n/);
    expect(stdout).toMatch(/These keys are valid, .*:\n {2}drv_…ben {2}driver 'ben\\x1B\[2J'\n$/);
    expect(await revokedNow()).toEqual(['ana']);
    const kept = (await readdir(data())).filter((name) => name.startsWith('caps-replaced-'));
    expect(kept).toHaveLength(1);
    expect(stdout).toContain(`The log that was there is ${join(data(), kept[0] ?? '')} now.`);
  });

  test('that a restore makes valid again are named if no log is there to show that they were revoked', async () => {
    await revokedSince();
    const { stdout } = await run('restore', '--from', file(), '--data', join(folder, 'new'));
    expect(stdout).toMatch(
      /revoke those that were revoked since:\n {2}drv_…ana {2}driver 'ana'\n {2}drv_…ben/,
    );
  });

  test('of another log do not revoke this one’s', async () => {
    await revokedSince();
    await rename(data(), join(folder, 'away'));
    await openSqliteStore(data()).close();
    const { stdout } = await run('restore', '--from', file(), '--data', data(), '--replace');
    expect(stdout).not.toContain('were revoked before');
    expect(await revokedNow()).toEqual([]);
  });
});

describe('refuses in one line and changes nothing:', () => {
  const data = () => join(folder, 'data');
  beforeEach(() => openSqliteStore(data()).close());

  async function expectNo(why: RegExp, ...args: string[]): Promise<void> {
    const before = await readdir(folder, { recursive: true });
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(why);
    expect(stderr).toMatch(/^[^\n]+\.\n$/);
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  }

  /** Without the program, which says each of these errors in the same way. */
  async function expectError(why: RegExp, task: () => Promise<unknown>): Promise<void> {
    const before = await readdir(folder, { recursive: true });
    const error: unknown = await task().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreError);
    expect(String(error)).toMatch(why);
    expect(String(error)).toMatch(/^[^\n]+\.$/);
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  }

  test('a backup over a file', async () => {
    const file = join(folder, 'mine');
    await writeFile(file, 'mine');
    await expectNo(/^The file .* is there already/, 'backup', '--data', data(), '--to', file);
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  test('a backup of nothing', () =>
    expectError(/There is no log in /, () => backUp(folder, join(folder, 'copy'))));

  test('a backup to an unwritable folder', () =>
    expectError(/could not be copied/, () => backUp(data(), '/proc/caps.sqlite')));

  test('an unknown option', () => expectNo(/^Unknown option '--too'\.$/m, 'backup', '--too', 'x'));

  test('nothing to restore', () => expectNo(/^Say which backup/, 'restore'));

  test('a damaged backup', async () => {
    const file = join(folder, 'backup.sqlite');
    await backUp(data(), file);
    const sound = await readFile(file);
    await mkdir(join(folder, 'new'));
    await writeFile(join(folder, 'new', 'caps.lock'), '');
    for (const broken of [
      sound.subarray(0, sound.length / 2),
      Buffer.concat([sound.subarray(0, 4_200), Buffer.alloc(8_000, 7), sound.subarray(12_200)]),
      Buffer.alloc(100),
    ]) {
      await writeFile(file, broken);
      await expectNo(/could not be copied|damaged/, 'restore', '--from', file, '--data', join(folder, 'new'));
    }
  });
});
