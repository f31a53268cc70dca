import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { parseSearch, passes } from '../../../protocol/search.ts';
import { admin, order, red, step } from '../../../testkit/simulation/cast.ts';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { systemClock } from '../../clock.ts';
import { createHub, type Hub } from '../../hub/hub.ts';
import type { IndexHits, SearchIndex } from '../search-index.ts';
import { openSqliteStore } from '../sqlite/sqlite.ts';
import type { Store } from '../store.ts';
import { openSearch } from './search.ts';

let folder: string;
let store: Store;
let index: SearchIndex;
let hub: Hub;
let faults: string[];

beforeEach(async () => {
  folder = memoryFolder();
  store = openSqliteStore(folder);
  await start();
});
afterEach(async () => {
  await end();
  rmSync(folder, { recursive: true });
});

async function start(recordsMin = 1): Promise<void> {
  faults = [];
  const onFault = (_: unknown, what: string) => void faults.push(what);
  index = openSearch({ folder, epoch: store.epoch, onFault, recordsMin });
  hub = await createHub({ store, clock: systemClock, onFault, index });
}

async function end(): Promise<void> {
  await hub.close();
  await index.close();
  await store.close();
}

async function again(between: () => void = () => {}): Promise<void> {
  await end();
  between();
  store = openSqliteStore(folder);
  await start();
}

const file = () => join(folder, 'caps-search.sqlite');
const damage = () => {
  for (const part of ['-wal', '-shm']) rmSync(file() + part, { force: true });
  writeFileSync(file(), 'no database, and longer than the header of one '.repeat(50));
};

/** A parcel of its own for each, and notes of all kinds. */
async function write(count: number): Promise<void> {
  const orderID = `${hub.head}`;
  const notes = Array.from({ length: count - 1 }, (_, i) =>
    step('note', 'red', orderID, { details: { text: `note ${i} ${i % 7 === 0 ? 'Straße' : 'Ölweg'}` } }),
  );
  for (const commands of [[order('red', orderID)], notes]) {
    const answers = await hub.submit(red, 'rest', commands);
    expect(answers.every(({ ok }) => ok)).toBe(true);
  }
}

const ask = (): Promise<IndexHits | undefined> =>
  index.find({ filter: { terms: [] }, low: 0, high: 0, forwards: true, limit: 1 });
const indexed = () => vi.waitFor(async () => expect((await ask())?.upTo).toBe(hub.head), { timeout: 30_000 });

async function expectExact(): Promise<void> {
  const records: CapsRecord[] = [];
  for await (const page of hub.read.allEvents(admin, { terms: [] })) records.push(...page);
  expect(records).toHaveLength(hub.head);
  for (const q of [
    'straße',
    'STRASSE',
    'olweg',
    'note -ölweg',
    'event:pickup',
    'order:0 7',
    'via:tcp',
    '-event:note',
    'zz',
    'note',
  ]) {
    const terms = parseSearch(q);
    const expected = records.filter((record) => passes(record, { terms })).map(({ seq }) => seq);
    const found: number[] = [];
    for await (const page of hub.read.allEvents(admin, { terms })) found.push(...page.map(({ seq }) => seq));
    expect(found, q).toEqual(expected);
    expect(await newest(q, 3), q).toEqual(expected.slice(-3));
  }
}

/** On as many pages as it takes: what takes long is answered with what there is. */
async function newest(q: string, count: number): Promise<number[]> {
  const found: number[] = [];
  for (let before: string | undefined; found.length < count; ) {
    const { items, prev } = await hub.read.events(admin, {
      ...{ terms: parseSearch(q), before, limit: count - found.length },
    });
    found.unshift(...items.map(({ seq }) => seq));
    if (prev === null) break;
    before = prev;
  }
  return found;
}

describe('the index of a SQLite log', () => {
  it('follows the log, answers exactly before it has caught up and after, and goes on after a restart', {
    timeout: 60_000,
  }, async () => {
    for (let i = 0; i < 10; i += 1) await write(300);
    await expectExact();
    await indexed();
    await expectExact();
    const found = await hub.read.events(admin, { terms: parseSearch('event:pickup'), limit: 1, total: true });
    expect(found.total).toEqual({ count: 10, exact: true });
    await again();
    await write(5);
    await expectExact();
    await indexed();
    await expectExact();
    expect(faults).toEqual([]);
  });

  it('is made again where its file is damaged, which costs nobody anything', async () => {
    await write(50);
    await indexed();
    await again(damage);
    await indexed();
    await expectExact();
    expect(faults).toEqual([]);
  });

  it('is of no use where it cannot be written: that is said once, and searches look through the log', async () => {
    await write(50);
    await again(() => {
      for (const part of ['', '-wal', '-shm']) rmSync(file() + part, { force: true });
      mkdirSync(file());
    });
    await vi.waitFor(() => expect(faults).toHaveLength(1), { timeout: 30_000 });
    expect(faults).toEqual(['there is no search index; searches look through the log']);
    await write(5);
    await expectExact();
    expect(await ask()).toBeUndefined();
    expect(faults).toHaveLength(1);
  });

  it('[S4] holds up no end, whatever it is doing', async () => {
    for (let i = 0; i < 10; i += 1) await write(300);
    const asked = Array.from({ length: 5 }, () =>
      hub.read.events(admin, { terms: parseSearch('zz'), limit: 1 }),
    );
    const begin = performance.now();
    await index.close();
    await index.close();
    expect(performance.now() - begin).toBeLessThan(3_000);
    await Promise.all(asked);
    expect(await ask()).toBeUndefined();
    await expectExact();
    expect(faults).toEqual([]);
  });

  it('is not there for a log that is quickly looked through', async () => {
    await end();
    store = openSqliteStore(folder);
    await start(100);
    await write(99);
    expect(await ask()).toBeUndefined();
    await write(2);
    await indexed();
    await expectExact();
  });
});
