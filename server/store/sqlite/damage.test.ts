import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { apply, type Parcel, type UnnumberedRecord } from '../../../protocol/parcel.ts';
import { type Append, DamagedError, type Store } from '../store.ts';
import { damagedIn } from './check.ts';
import { startSqlitePatrol } from './patrol.ts';
import { openSqliteStore } from './sqlite.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caps-'));
  store = openSqliteStore(folder);
  await commit(pickupOf('red', '1'), pickupOf('blue', '1'), pickupOf('red', '2'), noteOf('red', '1'));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const parcels = new Map<string, Parcel>();
const inAll = { kind: 'all' } as const;
const inRed = { kind: 'store', store: 'red' } as const;
const all = { after: 0, limit: 100 } as const;

function stepOf(event: 'pickup' | 'note' | 'cancelled', store: string, orderID: string): Append {
  const name = `${folder}${store}/${orderID}`;
  const parcel = parcels.get(name);
  const record: UnnumberedRecord = {
    ...{ event, status: event === 'cancelled' ? 'cancelled' : 'ready', rev: (parcel?.rev ?? 0) + 1 },
    ...{ time: '2026-11-20T18:00:00.000Z', via: 'hub' },
    payload: { store, orderID, customer: 'Hulda', address: '835 Meluk Pass' },
    ...(event === 'note' ? { details: { text: 'Mind the dog' } } : {}),
    by: { role: 'vendor', id: store },
  };
  const after = apply(parcel, record);
  parcels.set(name, after);
  return { record, parcel: after, board: boards[event] };
}
const boards = { pickup: 'on', note: 'same', cancelled: 'off' } as const;
const pickupOf = (store: string, orderID: string) => stepOf('pickup', store, orderID);
const noteOf = (store: string, orderID: string) => stepOf('note', store, orderID);

function commit(...appends: Append[]) {
  return store.commit({ parcels: [], commands: [] }, () => ({ appends, result: undefined }));
}

/** What a disk did while nobody looked; then the log is opened again. */
async function damage(sql: string): Promise<void> {
  await store.close();
  const db = new DatabaseSync(join(folder, 'caps.sqlite'));
  db.exec(sql);
  db.close();
  store = openSqliteStore(folder);
}

const seqsOf = ({ rows }: Awaited<ReturnType<Store['read']>>) => rows.map(({ seq }) => seq);

it('[S6] a page goes on around a record that is damaged, and says which it is', async () => {
  await damage(`UPDATE log SET text = replace(text, 'Hulda', 'Hulca') WHERE seq = 3`);
  const page = await store.read(inAll, all);
  expect([seqsOf(page), page.damaged]).toEqual([[1, 2, 4], [3]]);
  const ofRed = await store.read(inRed, { before: 9, limit: 2 });
  expect([seqsOf(ofRed), ofRed.damaged, ofRed.more]).toEqual([[4], [2], true]);
  expect(store.damage.names).toContain('record 3');
  // Its pickup says whose order it was.
  await expect(store.parcel({ store: 'red', orderID: '2' })).rejects.toThrow(DamagedError);
  expect(await store.parcel({ store: 'red', orderID: '1' })).toMatchObject({ rev: 2 });
});

it('[S6] a record that is not there any more is missed, in the log and in its store', async () => {
  await damage('DELETE FROM log WHERE seq = 3');
  expect(await store.read(inAll, all)).toMatchObject({ damaged: [3], head: 4 });
  expect(await store.read(inRed, all)).toMatchObject({ damaged: [2] });
});

it('[S6] of a life whose middle is damaged, the rest is told', async () => {
  await commit(noteOf('red', '1'), noteOf('red', '1'));
  await damage(`UPDATE log SET previous = 2 WHERE seq = 5`);
  const life = await store.read({ kind: 'parcel', parcel: { store: 'red', orderID: '1' } }, all);
  // The way from its last record back is lost at the third; its beginning is known all the same.
  expect([seqsOf(life), life.damaged]).toEqual([
    [1, 6],
    [2, 3],
  ]);
});

it('[S6] nothing more is recorded of a parcel that is damaged, and others go on', async () => {
  await damage(`UPDATE parcels SET status = 'delivered' WHERE first_seq = 3`);
  const list = await store.parcels({ store: 'red', order: 'oldest', limit: 10 });
  expect([list.parcels.map(({ payload }) => payload.orderID), list.damaged]).toEqual([['1'], 1]);
  const keys = [
    { store: 'red', orderID: '2' },
    { store: 'red', orderID: '1' },
  ] as const;
  const { result } = await store.commit({ parcels: keys, commands: [] }, (found) => {
    expect(() => found.parcel(keys[0])).toThrow('The disk has damaged the parcel of record 3.');
    return { appends: [], result: found.parcel(keys[1]) };
  });
  expect(result).toMatchObject({ parcel: { rev: 2 } });
});

it('keeps parcels that are under way in memory, and reads those that are finished from the disk', async () => {
  await commit(stepOf('cancelled', 'red', '2'), stepOf('cancelled', 'blue', '1'));
  const other = new DatabaseSync(join(folder, 'caps.sqlite'));
  other.exec(`UPDATE parcels SET crc = 0 WHERE store = 'red'`);
  other.close();
  expect(await store.parcel({ store: 'red', orderID: '1' })).toMatchObject({ rev: 2 });
  await expect(store.parcel({ store: 'red', orderID: '2' })).rejects.toThrow(DamagedError);
  expect(await store.parcel({ store: 'blue', orderID: '1' })).toMatchObject({ status: 'cancelled' });
});

it('[S6] the log goes on behind an end that is damaged, with no time before it', async () => {
  await damage(`UPDATE log SET text = replace(text, 'Mind', 'Find') WHERE seq = 4`);
  expect(await store.head()).toEqual({ seq: 4, time: '2026-11-20T18:00:00.000Z' });
  const { rows } = await commit(pickupOf('blue', '2'));
  expect(rows).toMatchObject([{ seq: 5, storeSeq: 2 }]);
});

it('[S6] an access key that is damaged opens nothing, a repeating order repeats no more, and a profile is not shown but can be written again', async () => {
  const hash = Buffer.alloc(32, 1);
  const key = { id: 'k', hash, role: 'driver', owner: 'ana', name: '', hint: 'drv_a' } as const;
  await store.keys.add({ ...key, createdAt: '2026-11-20T18:00:00.000Z' });
  await store.keys.revoke('k', '2026-11-21T18:00:00.000Z');
  await store.profiles.put('red', '{"name":"Red"}');
  await store.repeats.put('red', 'A', '1');
  await store.repeats.put('red', 'B', '2');
  for (const id of ['A', 'B']) await store.outbound.write([{ topic: 'webhook', id, text: '1' }]);
  expect(await store.keys.find(hash)).toMatchObject({ revokedAt: '2026-11-21T18:00:00.000Z' });
  await damage(`UPDATE keys SET revoked_at = NULL; UPDATE profiles SET profile = '{"name":"Bed"}';
    UPDATE repeats SET text = '3' WHERE id = 'A'; UPDATE outbound SET text = '3' WHERE id = 'A'`);
  expect([await store.keys.find(hash), await store.keys.list()]).toEqual([undefined, []]);
  expect(await store.repeats.list({ limit: 9 })).toEqual([{ store: 'red', id: 'B', text: '2' }]);
  await expect(store.repeats.find('red', 'A')).rejects.toThrow('The disk has damaged a repeating order.');
  expect(await store.outbound.list('webhook', { limit: 9 })).toEqual([{ id: 'B', text: '1' }]);
  await expect(store.outbound.find('webhook', 'A')).rejects.toThrow('has damaged what is sent to others.');
  await expect(store.profiles.find('red')).rejects.toThrow('The disk has damaged the profile of a store.');
  await store.profiles.put('red', '{"name":"Red again"}');
  expect(await store.profiles.find('red')).toBe('{"name":"Red again"}');
});

it('[S6] a log in whose description of a table a column has another name is refused', async () => {
  await store.close();
  const db = new DatabaseSync(join(folder, 'caps.sqlite'));
  db.enableDefensive(false);
  db.exec(`PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(sql, 'state TEXT', 'svate TEXT') WHERE name = 'parcels'`);
  db.close();
  expect(() => openSqliteStore(folder)).toThrow('is damaged: it has no column parcels.state TEXT NOT NULL.');
});

it('[S6] a log whose secret has lost its name is refused, and gets no other in its place', async () => {
  await store.close();
  const db = new DatabaseSync(join(folder, 'caps.sqlite'));
  db.exec(`UPDATE meta SET name = 'sgcret' WHERE name = 'secret'`);
  db.close();
  expect(() => openSqliteStore(folder)).toThrow('its secret is missing or damaged');
});

it('[S6] what nobody reads is found as well, by a thread that looks at all of it', async () => {
  await damage(
    `UPDATE commands SET seq = 1; UPDATE log SET text = replace(text, 'Hulda', 'Hulca') WHERE seq = 2`,
  );
  const found: string[] = [];
  const patrol = startSqlitePatrol({ folder, beginMs: 0, onDamaged: (name) => found.push(name) });
  await vi.waitFor(() => expect(found).toEqual(['record 2']), { timeout: 10_000 });
  await patrol.close();
  await patrol.close();
});

describe('a log of an earlier version', () => {
  const tables = ['meta', 'log', 'parcels', 'commands', 'acknowledged', 'keys', 'profiles'];
  const asItWas = `${tables.map((table) => `ALTER TABLE ${table} DROP COLUMN crc;`).join('')} DROP TABLE repeats; DROP TABLE outbound; PRAGMA user_version = 5`;

  it('[S6] gets its checksums once, when it is opened', async () => {
    const { epoch } = store;
    const before = await store.read(inAll, all);
    await damage(asItWas);
    expect(await store.read(inAll, all)).toEqual(before);
    expect(store.epoch).toBe(epoch);
    await damage(`UPDATE log SET crc = NULL WHERE seq = 1`);
    expect(await store.read(inAll, all)).toMatchObject({ damaged: [1] });
  });

  it('[S6] goes on where it was interrupted', async () => {
    await damage(
      `${asItWas}; ALTER TABLE meta ADD COLUMN crc INTEGER; ALTER TABLE log ADD COLUMN crc INTEGER`,
    );
    const db = new DatabaseSync(join(folder, 'caps.sqlite'), { readOnly: true });
    expect([...damagedIn(db)].filter((name) => name !== undefined)).toEqual([]);
    db.close();
  });
});
