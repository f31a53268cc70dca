import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { imageOf, writeFullLog } from '../../../testkit/full-log.ts';
import { hashOfImage, jpeg } from '../../../testkit/images.ts';
import { type LogRow, logSum, type ParcelColumns, parcelSum } from '../rows/rows.ts';
import { openSqliteStore } from '../sqlite/sqlite.ts';
import { openSqliteSource } from '../sqlite/tables.ts';
import { openSqliteTarget } from '../sqlite/target.ts';
import { StoreError } from '../store.ts';
import { RowCheck } from './check.ts';
import { readLines, writeLines } from './file.ts';
import { endLine, readBatch, readLine } from './lines.ts';
import { type ExportReport, exportLog, type ImportReport, importLog } from './transfer.ts';
import { exportWords } from './words.ts';

let made: string;
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'caps-'));
  const store = openSqliteStore(made);
  await writeFullLog(store, 30);
  await store.close();
});
afterAll(() => rmSync(made, { recursive: true }));

let folder: string;
let old: string;
let file: string;
let place: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caps-'));
  old = join(folder, 'old');
  file = join(folder, 'log.jsonl.zst');
  place = join(folder, 'new');
  cpSync(made, old, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

async function exportOld(to = file): Promise<ExportReport> {
  const source = openSqliteSource(old);
  try {
    return await exportLog(source, to);
  } finally {
    await source.close();
  }
}

const importNew = (from = file): Promise<ImportReport> =>
  importLog(from, async () => openSqliteTarget(place));

/** All tables as they stand in a folder's file. */
function dump(of: string): Record<string, unknown[]> {
  const db = new DatabaseSync(join(of, 'caps.sqlite'), { readOnly: true });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid").all();
    return Object.fromEntries(
      tables.map(({ name }) => [String(name), db.prepare(`SELECT * FROM ${name}`).all()]),
    );
  } finally {
    db.close();
  }
}

function change(sql: string): void {
  const db = new DatabaseSync(join(old, 'caps.sqlite'));
  db.exec(sql);
  db.close();
}

/** Expects a sentence, and nothing left in the new place that a hub would take for a log. */
async function expectNo(task: Promise<unknown>, why: RegExp): Promise<void> {
  const error: unknown = await task.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StoreError);
  expect(String(error)).toMatch(/^StoreError: [^\n]+\.$/);
  expect(String(error)).toMatch(why);
  const there = existsSync(place) ? readdirSync(place) : [];
  expect(there.filter((name) => name !== 'caps.lock')).toEqual([]);
}

it('[D2][D4][D5] makes the same log in another place: every row of it, its epoch and its secret', async () => {
  const exported = await exportOld();
  const imported = await importNew();
  const before = dump(old);
  const { records, parcels, commands, keys, profiles, repeats, outbound, acknowledged } = imported.tables;
  expect(dump(place)).toEqual(before);
  const counted = [records, parcels, commands, acknowledged, keys, profiles, repeats, outbound];
  expect(counted.map(({ rows }) => rows)).toEqual(
    ['log', 'parcels', 'commands', 'acknowledged', 'keys', 'profiles', 'repeats', 'outbound'].map(
      (table) => before[table]?.length,
    ),
  );
  expect(Math.min(records.rows, parcels.rows, commands.rows, acknowledged.rows)).toBeGreaterThan(9);
  expect(imported).toMatchObject({ from: `the folder ${old}`, isRenamed: false, revokedKeys: 1 });
  expect(exported).toMatchObject({ isLive: false, tables: imported.tables });
  const store = openSqliteStore(place);
  expect(await store.setBacks()).toHaveLength(2);
  expect(imported.epoch).toBe(store.epoch);
  await store.close();
});

/** An export with other lines, whose hash is right. */
async function exportChanged(edit: (lines: string[]) => readonly string[]): Promise<string> {
  const to = join(folder, 'changed.jsonl.zst');
  rmSync(to, { force: true });
  const whole: string[] = [];
  for await (const line of readLines(file)) whole.push(line);
  const lines = edit(whole);
  async function* all(): AsyncGenerator<string> {
    for (const line of lines) yield `${line}\n`;
  }
  await writeLines(to, all());
  return to;
}

describe('the images of proofs', () => {
  const parcel = { store: 'red', orderID: '11' };
  const id = { parcel, hash: hashOfImage(imageOf(parcel)) };
  const found = async () => {
    const store = openSqliteStore(place);
    const bytes = await store.blobs.get(id);
    await store.close();
    return bytes && Buffer.from(bytes);
  };

  it('go along, each to its parcel', async () => {
    const exported = await exportOld();
    expect(exported).toMatchObject({ damagedImages: [], tables: { blobs: { rows: 10 } } });
    expect(exportWords(exported)).toMatch(/, 10 images; /);
    expect((await importNew()).tables).toEqual(exported.tables);
    expect(await found()).toEqual(imageOf(parcel));
    expect(readdirSync(join(place, 'blobs'))).toHaveLength(10);
  });

  it('are left out where the disk has damaged them, and named', async () => {
    const [path = ''] = readdirSync(join(old, 'blobs'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith(id.hash),
    );
    writeFileSync(join(old, 'blobs', path), 'damaged');
    const exported = await exportOld();
    expect(exported).toMatchObject({ damagedImages: [id.hash], tables: { blobs: { rows: 9 } } });
    expect(exportWords(exported)).toContain(`Damaged images, and not in it: ${id.hash.slice(0, 12)}.\n`);
    await importNew();
    expect(await found()).toBeUndefined();
  });

  it('are refused as a whole if one of them is another', async () => {
    await exportOld();
    const other = Buffer.from(jpeg('another')).toString('base64');
    const wrong = await exportChanged((lines) =>
      lines.map((line) =>
        line.includes(id.hash) ? line.replace(/"bytes":"[^"]*"/, `"bytes":"${other}"`) : line,
      ),
    );
    await expectNo(importNew(wrong), /has a line that is none of an export/);
  });

  it('are not in an export of an earlier version, which is imported all the same', async () => {
    await exportOld();
    const first = await exportChanged(([head = '', ...lines]) => [
      head.replace('"version":4', '"version":1'),
      ...lines
        .filter((line) => !/^\{"(blobs|outbound)"/.test(line))
        .map((line) => line.replace(/,"(blobs|outbound)":\{"rows":\d+,"sha256":"\w+"\}/g, '')),
    ]);
    const { blobs, outbound } = (await importNew(first)).tables;
    expect([blobs.rows, outbound.rows]).toEqual([0, 0]);
    expect(existsSync(join(place, 'blobs'))).toBe(false);
  });
});

it('knows every table: a new one has to be moved too', () => {
  const moved = ['log', 'parcels', 'commands', 'acknowledged', 'keys', 'profiles', 'repeats', 'outbound'];
  expect(Object.keys(dump(old)).sort()).toEqual([...moved, 'meta'].sort());
});

it('moves an empty log', async () => {
  await openSqliteStore(join(folder, 'empty')).close();
  const source = openSqliteSource(join(folder, 'empty'));
  await exportLog(source, file);
  await source.close();
  await importNew();
  expect(dump(place)).toEqual(dump(join(folder, 'empty')));
});

it('[D3] gives the log a new epoch if a hub was running during the export: what it records since is not there', async () => {
  const hub = openSqliteStore(old);
  expect(await exportOld()).toMatchObject({ isLive: true });
  const { epoch, isRenamed } = await importNew();
  expect([isRenamed, epoch === hub.epoch]).toEqual([true, false]);
  await hub.close();
  const store = openSqliteStore(place);
  expect(store.epoch).toBe(epoch);
  await store.close();
});

it('exports one moment while a hub writes', async () => {
  const hub = openSqliteStore(old);
  const before = (await hub.head()).seq;
  const source = openSqliteSource(old);
  await source.identity();
  await hub.profiles.put('green', '{}');
  await hub.keys.revoke('key-0', '2026-11-22T18:00:00.000Z');
  const { tables } = await exportLog(source, file);
  await source.close();
  await hub.close();
  expect([tables.records.rows, tables.profiles.rows]).toEqual([before, 2]);
  expect(await importNew()).toMatchObject({ revokedKeys: 1 });
});

it('leaves no search index of an earlier log in the new place', async () => {
  await exportOld();
  await openSqliteStore(place).close();
  for (const name of readdirSync(place)) rmSync(join(place, name));
  for (const end of ['', '-wal']) writeFileSync(join(place, `caps-search.sqlite${end}`), 'old');
  await importNew();
  expect(readdirSync(place).sort()).toEqual(['blobs', 'caps.lock', 'caps.sqlite']);
});

describe('refuses in a sentence', () => {
  it.each([
    ['a record', "UPDATE log SET text = replace(text, 'Hulda', 'Hilda') WHERE seq = 8", /\(record \d+\)/],
    ['a missing record', 'DELETE FROM log WHERE seq = 9', /\(record 9\)/],
    ['a parcel', "UPDATE parcels SET holder = 'ben' WHERE first_seq = 1", /\(the parcel of record 1\)/],
    ['a command id', "UPDATE commands SET seq = 2 WHERE id = 'order-red-0'", /\(what became of a command\)/],
    ['a key', "UPDATE keys SET owner = 'ben' WHERE id = 'key-1'", /\(the access key key-1\)/],
    [
      'a key that was revoked',
      "UPDATE keys SET revoked_at = NULL WHERE id = 'key-1'",
      /\(the access key key-1\)/,
    ],
    ['a repeating order', "UPDATE repeats SET text = '{}'", /\(a repeating order\)/],
    ['what is sent', "UPDATE outbound SET text = '{}'", /\(what is sent to others\)/],
    ['a profile', "UPDATE profiles SET profile = '{}'", /\(the profile of a store\)/],
    [
      'an acknowledgement',
      'UPDATE acknowledged SET first_seq = 2 WHERE rowid IN (SELECT max(rowid) FROM acknowledged)',
      /heard of\)/,
    ],
    [
      'what the log says of itself',
      "UPDATE meta SET value = x'00' WHERE name = 'secret'",
      /secret is missing or damaged/,
    ],
  ])('[S6] to export what the disk has damaged: %s', async (_, sql, why) => {
    change(sql);
    await expectNo(exportOld(), why);
    expect(existsSync(file)).toBe(false);
  });

  it('[D5] to import parcels that are not what their records say', async () => {
    const db = new DatabaseSync(join(old, 'caps.sqlite'));
    const row = db
      .prepare("SELECT * FROM parcels WHERE status = 'ready' LIMIT 1")
      .get() as unknown as ParcelColumns;
    const other = { ...row, status: 'cancelled', finished: 1 } as const;
    db.prepare('UPDATE parcels SET status = ?, finished = 1, crc = ? WHERE first_seq = ?').run(
      ...[other.status, parcelSum(other), row.first_seq],
    );
    db.close();
    await exportOld();
    await expectNo(importNew(), /the parcel of record \d+ is not what its records say/);
  });

  it('to import where a log is, or where a hub is running', async () => {
    await exportOld();
    const hub = openSqliteStore(place);
    await expect(importNew()).rejects.toThrow(/^Another hub is already running on the data folder/);
    await hub.close();
    await expect(importNew()).rejects.toThrow(/^There is a log already in /);
    rmSync(join(place, 'caps.sqlite'));
    writeFileSync(join(place, 'caps.sqlite-wal'), '');
    await expect(importNew()).rejects.toThrow(/^There is a log already in /);
  });

  it('to export what is no log, or one of an older version', async () => {
    expect(() => openSqliteSource(folder)).toThrow(/^There is no log in /);
    change('PRAGMA user_version = 5');
    expect(() => openSqliteSource(old)).toThrow(/was written by an older CAPS: start this version’s hub/);
  });

  it.each<[string, (lines: string[]) => readonly string[], RegExp]>([
    [
      'a newer format',
      ([head = '', ...rest]) => [head.replace('"version":4', '"version":5'), ...rest],
      /was written by a newer CAPS \(its format is 5, this one knows 4\)/,
    ],
    ['another program’s file', () => ['{"some":"thing"}'], /is not an export of CAPS/],
    ['no lines', () => [], /is not an export of CAPS/],
    ['no end', (lines) => lines.slice(0, -1), /has no end/],
    ['a line that is none', (lines) => lines.with(9, 'nonsense'), /has a line that is none of an export/],
    [
      'a row with another column',
      (lines) => lines.with(9, '{"profiles":{"store":"red","profile":"{}","more":1}}'),
      /has a line that is none of an export/,
    ],
    ['a missing record', (lines) => lines.toSpliced(9, 1), /damaged \(record 9\)/],
    [
      'a record of other text',
      (lines) => lines.with(9, lines[9]?.replace('Hulda', 'Hilda') ?? ''),
      /damaged \(record 9\)/,
    ],
    [
      'a missing key',
      (lines) => lines.filter((line) => !line.includes('"key-0"')),
      /The keys .* are not those of the export/,
    ],
    [
      'a command id twice',
      (lines) =>
        lines.flatMap((line) =>
          line.includes('"order-red-0"') && line.startsWith('{"commands') ? [line, line] : [line],
        ),
      /could not be imported into .* \(UNIQUE constraint failed/,
    ],
  ])('to import %s', async (_, edit, why) => {
    await exportOld();
    await expectNo(importNew(await exportChanged(edit)), why);
  });

  /** An export of which one record is another, whose own checksum is right. */
  async function exportOther(seq: number, change: Partial<LogRow>): Promise<string> {
    const check = new RowCheck();
    return exportChanged(([head = '', ...rest]) => {
      const lines = rest.slice(0, -1).map((line) => {
        const { name, value } = readLine(line);
        if (name === 'end') throw new Error('an export has one end');
        const batch = readBatch(name, [value]);
        const [row] = batch.table === 'records' ? batch.rows : [];
        const other = row?.seq === seq ? { ...row, ...change } : undefined;
        const rows = other && [{ ...other, crc: logSum(other) }];
        return check.follow(rows ? { table: 'records', rows } : batch).trimEnd();
      });
      return [head, ...lines, endLine({ isLive: false, tables: check.counts() }).trimEnd()];
    });
  }

  it.each<[string, number, Partial<LogRow>, RegExp]>([
    ['names another record before it', 5, { previous: 3 }, /\(the parcel of record [56]\)/],
    ['has another rev', 5, { rev: 7 }, /\(the parcel of record [56]\)/],
    ['leaves a hole in its store', 120, { store_seq: 999 }, /\(a record of a store\)/],
    ['is of no parcel', 5, { order_id: 'other' }, /\(the parcel of record [56]\)/],
  ])('[D2][D5] to import a log in which a record %s', async (_, seq, change, why) => {
    await exportOld();
    await expectNo(importNew(await exportOther(seq, change)), why);
  });

  it('to settle a log that its database has changed', async () => {
    await exportOld();
    const changing = async () => {
      const target = openSqliteTarget(place);
      const write = target.write.bind(target);
      target.write = (batch) =>
        write(
          batch.table === 'keys'
            ? { ...batch, rows: batch.rows.map((row) => ({ ...row, name: '?' })) }
            : batch,
        );
      return target;
    };
    await expectNo(importLog(file, changing), /The keys that were written are not those of the export/);
  });
});
