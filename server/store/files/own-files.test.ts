import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backUp } from '../sqlite/backup.ts';
import { openSqliteStore } from '../sqlite/sqlite.ts';

let top: string;
let folder: string;
let said: string[];
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'caps-'));
  folder = join(top, 'data');
  said = [];
});
afterEach(() => rmSync(top, { recursive: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const open = () => openSqliteStore(folder, (words) => said.push(words));
const modes = () => Object.fromEntries(readdirSync(folder).map((name) => [name, modeOf(join(folder, name))]));

it('nobody else can read a new log: not its folder, its file, its WAL or its lock', async () => {
  const store = open();
  await store.probe(8);
  expect(readdirSync(folder)).toEqual(
    expect.arrayContaining(['caps.lock', 'caps.sqlite', 'caps.sqlite-wal']),
  );
  expect(new Set(Object.values(modes()))).toEqual(new Set(['600']));
  expect(modeOf(folder)).toBe('700');
  await backUp(folder, join(top, 'backup.sqlite'));
  expect(modeOf(join(top, 'backup.sqlite'))).toBe('600');
  await store.close();
  expect(said).toEqual([]);
});

it('what an earlier version left open to others is closed at the start', async () => {
  await open().close();
  await backUp(folder, join(folder, 'caps-20261129T200000Z.sqlite'));
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644);
  chmodSync(folder, 0o755);
  await open().close();
  expect(new Set(Object.values(modes()))).toEqual(new Set(['600']));
  expect([modeOf(folder), said]).toEqual(['700', []]);
});

it('a folder that holds other things as well keeps its rights, and so do those; the log is closed, and it is said', async () => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  chmodSync(join(folder, 'notes.txt'), 0o644);
  chmodSync(folder, 0o755);
  await open().close();
  expect(modes()).toEqual({ 'caps.lock': '600', 'caps.sqlite': '600', 'notes.txt': '644' });
  expect(modeOf(folder)).toBe('755');
  expect(said).toEqual([
    expect.stringMatching(/can look into the data folder .*: it holds more than the log/),
  ]);
});

it('a folder for everybody, as /tmp is, stays one', async () => {
  mkdirSync(folder);
  chmodSync(folder, 0o1777);
  await open().close();
  expect(statSync(folder).mode & 0o7777).toBe(0o1777);
  expect(said).toHaveLength(1);
});
