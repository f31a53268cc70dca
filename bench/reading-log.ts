/**
 * The logs of reading.bench.ts. Each is made once per number of records and version of the store, and kept in a temporary
 * folder; a run works on a copy.
 */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startHub } from '../testkit/hub-process.ts';
import type { LogEntry } from './log-writer.ts';
import { customerOf, historyAt } from './web-history.ts';

/** A city's day, and offers of 10 kB each. */
export type LogKind = 'city' | 'large';

export const openShop = 'open-flowers';
const openShopMax = 10_000;
export const holder = (number: number): string => `holder-${number}`;
const holders = 50;
const openMax = 100_000;
/** In small logs: the percentage of records of ready parcels; claimed ones have twice as many. */
const openShare = 0.3;
/** Smallest log with a search index, the number of latest records that it may lack, and the time to fill it. */
const indexedMin = 20_000;
const unwrittenMax = 16_384;
const indexMaxMs = 1_200_000;
const indexFile = 'caps-search.sqlite';
const part = 'x'.repeat(1_000);
const parts = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`part${i}`, part]));

/** Numbers of ready and of claimed parcels in a city's log. */
export function openIn(records: number): number {
  return Math.min(openMax, Math.floor(records * openShare));
}

/** First finished parcels, then ready ones, then claimed ones. */
function cityAt(index: number, records: number): LogEntry {
  const open = openIn(records);
  const past = records - 3 * open;
  if (index < past) return historyAt(index);
  const place = index - past;
  if (place < open) return pickup(place < openShopMax ? openShop : `${(place % 40) + 1}-ready`, place);
  const claimed = Math.floor((place - open) / 2);
  const store = `${(claimed % 40) + 1}-claimed`;
  if ((place - open) % 2 === 0) return pickup(store, claimed);
  const actor = { role: 'driver', driver: holder(claimed % holders) } as const;
  return { actor, command: { event: 'claimed', payload: { store, orderID: String(claimed) } } };
}

function pickup(store: string, number: number, more: Record<string, string> = {}): LogEntry {
  // The search's rare word is at 1,000.
  const payload = { store, orderID: String(number), ...customerOf(number + 2_000), ...more };
  return { actor: { role: 'vendor', store }, command: { event: 'pickup', payload } };
}

export function recordAt(kind: LogKind, records: number): (index: number) => LogEntry {
  return kind === 'city'
    ? (index) => cityAt(index, records)
    : (index) => pickup(`${(index % 40) + 1}-large`, index, parts);
}

/** A log that a run may write to, and what the hub on it needs. */
export interface CopiedLog {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** Copies such a log. The caller removes the copy. */
export async function copyOfLog(kind: LogKind, records: number, tree: string): Promise<CopiedLog> {
  const kept = join(tmpdir(), 'caps-bench-logs', `${kind}-${records}-${formatOf(tree)}`);
  if (!existsSync(kept)) await make(kept, kind, records, tree);
  const copy = await mkdtemp(join(tmpdir(), 'caps-bench-'));
  await cp(kept, copy, { recursive: true });
  return copiedLog(copy);
}

export function copiedLog(folder: string): CopiedLog {
  return { folder, env: {}, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function make(kept: string, kind: LogKind, records: number, tree: string): Promise<void> {
  await mkdir(join(kept, '..'), { recursive: true });
  const folder = await mkdtemp(`${kept}-`);
  try {
    const script = fileURLToPath(new URL('reading-seed.ts', import.meta.url));
    await promisify(execFile)(process.execPath, [script, folder, kind, String(records), tree]);
    await index(folder, records, tree);
    await rename(folder, kept);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Starts a hub, which fills the search index of this log in the background. */
export async function index(
  folder: string,
  records: number,
  tree: string,
  env: CopiedLog['env'] = {},
): Promise<void> {
  if (records < indexedMin) return;
  const hub = await startHub({ tree, data: folder, env });
  try {
    for (const deadline = performance.now() + indexMaxMs; !isIndexed(folder, records); await pause(500)) {
      if (performance.now() > deadline) throw new Error('the log is not indexed');
    }
  } finally {
    await hub.stop();
  }
}

/** @returns whether the file has all but the last part of the index */
function isIndexed(folder: string, records: number): boolean {
  const path = join(folder, indexFile);
  if (!existsSync(path)) return false;
  const file = new DatabaseSync(path, { readOnly: true });
  try {
    const names = file.prepare("SELECT name FROM sqlite_master WHERE name IN ('chunks', 'records')").all();
    const [name] = names.map((row) => row['name']);
    if (name === undefined) return false;
    // Trees before FTS5 write chunks.
    const last = name === 'chunks' ? 'max(last) AS last FROM chunks' : 'up_to AS last FROM log';
    const { last: upTo } = file.prepare(`SELECT ${last}`).get() ?? {};
    return Number(upTo) > records - unwrittenMax;
  } finally {
    file.close();
  }
}

/** Hash of the store's code, which decides what it writes. */
export function formatOf(tree: string): string {
  const folder = join(tree, 'server/store');
  const hash = createHash('sha256');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((one) => /(?<!\.test)\.ts$/.test(one)).toSorted()) {
    hash.update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 8);
}
