import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../server/store/sqlite/sqlite.ts';
import { seeded } from '../testkit/chance.ts';
import { writeLargeExport } from '../testkit/large-export.ts';
import { runUpkeep, startUpkeep, type UpkeepOptions } from '../testkit/upkeep-process.ts';
import { moveRun } from './move-run.ts';
import { seed } from './proof.ts';

let folder: string;
let file: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caps-'));
  file = join(folder, 'log.jsonl.zst');
  data = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('[D3][D4][A2] a log that is moved goes on: readers from their cursors, with the same keys, links and command ids', async () => {
  const houses = ['old', 'new'].map((name) => ({ folder: join(folder, name) }));
  expect(await moveRun(folder, houses)).toBe(61);
});

test('[D2] an import that is killed leaves nothing that a hub would take for a log, and the next one goes through', async () => {
  await writeLargeExport(file, 2_000);
  const chance = seeded(seed);
  for (let kills = 0; kills < 3; ) {
    const { child, ended } = startUpkeep(['import', '--from', file, '--data', data]);
    while (!isBegun() && child.exitCode === null) await pause(5);
    await pause(chance.int(0, 200));
    child.kill('SIGKILL');
    if ((await ended).code === -1) kills += 1;
    expect(existsSync(join(data, 'caps.sqlite')), `SEED=${seed}`).toBe(false);
  }
  const { code, stdout } = await runUpkeep(['import', '--from', file, '--data', data]);
  expect([code, stdout]).toEqual([0, expect.stringContaining('8,000 records without a hole')]);
  expect(readdirSync(data).sort()).toEqual(['caps.lock', 'caps.sqlite']);
  const store = openSqliteStore(data);
  expect((await store.head()).seq).toBe(8_000);
  await store.close();
});

function isBegun(): boolean {
  return existsSync(data) && readdirSync(data).some((name) => name.endsWith('.part'));
}

describe('says in one line', () => {
  /** Runs on a disk of this many KiB, or, without the right to mount one, with a limit for each file. */
  function onSmallDisk(stack: DisposableStack, kib: number): UpkeepOptions {
    mkdirSync(data, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', data], { stdio: 'ignore' });
      stack.defer(() => void execFileSync('umount', ['-l', data]));
      return {};
    } catch {
      return { under: ['sh', '-c', `trap '' XFSZ; ulimit -S -f ${kib * 2}; exec "$@"`, 'sh'] };
    }
  }

  test.each([64, 400])('[S4] that the disk is full, and leaves nothing on it: %i KiB', async (kib) => {
    using stack = new DisposableStack();
    await writeLargeExport(file, 500);
    const options = onSmallDisk(stack, kib);
    const { code, stdout, stderr } = await runUpkeep(['import', '--from', file, '--data', data], options);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^[^\n]*(full|disk I\/O error)[^\n]*\.\n$/);
    expect(left()).toEqual([]);
  });

  test('[S4] that the disk is full for an export, and leaves nothing on it', async () => {
    using stack = new DisposableStack();
    await writeLargeExport(file, 500);
    const from = join(folder, 'whole');
    expect(await runUpkeep(['import', '--from', file, '--data', from])).toMatchObject({ code: 0 });
    const options = onSmallDisk(stack, 32);
    const to = join(data, 'log.zst');
    const { code, stdout, stderr } = await runUpkeep(['export', '--data', from, '--to', to], options);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/could not be written \((ENOSPC|EFBIG)[^\n]*\)\.\n$/);
    expect(left()).toEqual([]);
  });

  const left = () => readdirSync(data).filter((name) => name !== 'caps.lock');

  test.each<[string, string[], RegExp, Record<string, string>?]>([
    ['nothing to import', ['import'], /^Say which export to import: --from <file>\.\n$/],
    ['a missing file', ['import', '--from', 'none'], /^There is no file none\.\n$/],
    [
      'two places',
      ['export', '--data', 'x'],
      /^DATABASE_URL names a database, and --data a folder: unset one of them\.\n$/,
      { DATABASE_URL: 'postgresql://caps:secret@127.0.0.1:1/caps' },
    ],
    [
      'a database that is not there',
      ['export'],
      /^The database 127\.0\.0\.1:1\/caps cannot be used: nothing listens there\. Check DATABASE_URL\.\n$/,
      { DATABASE_URL: 'postgresql://caps:secret@127.0.0.1:1/caps' },
    ],
  ])('what is wrong: %s', async (_, args, why, env = {}) => {
    const { code, stdout, stderr } = await runUpkeep(args, { env });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(why);
  });
});
