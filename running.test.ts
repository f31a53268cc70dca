/** Checks docs/running.md against the hub. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openSqliteStore } from './server/store/sqlite/sqlite.ts';
import { startRealHub } from './testkit/real-hub.ts';

const page = readFileSync('docs/running.md', 'utf8');

it('docs/running.md has a row for every version of the log’s format', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caps-running-'));
  try {
    await openSqliteStore(folder).close();
    const db = new DatabaseSync(join(folder, 'caps.sqlite'), { readOnly: true });
    const newest = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
    db.close();
    const [, table = ''] = /\| format \|.*\n.*\n((?:\|.*\n)+)/.exec(page) ?? [];
    const told = table.split('\n').flatMap((row) => row.split('|')[1]?.split(',').map(Number) ?? []);
    expect(told).toEqual(Array.from({ length: newest }, (_, i) => i + 1));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('/metrics has every metric of docs/running.md', async () => {
  const hub = await startRealHub();
  try {
    const text = await (await fetch(`${hub.url}/metrics`)).text();
    const watched = page.match(/\b(caps|nodejs|process)_[a-z0-9_]+/g) ?? [];
    expect(watched.length).toBeGreaterThan(8);
    const there = new Set(Array.from(text.matchAll(/^# TYPE (\S+)/gm), ([, name]) => name));
    expect(watched.filter((name) => !there.has(name))).toEqual([]);
    const labels = Array.from(page.matchAll(/(?<=^\| [^|]*)"([a-z-]+)"/gm), ([, label]) => label);
    expect(labels).toContain('lagging');
    expect(labels.filter((label) => !text.includes(`="${label}"`))).toEqual([]);
  } finally {
    await hub.close();
  }
});
