/**
 * The lines of an export, each one JSON object: what it is, then the rows of one table after the other, then what all
 * came to. Columns have the same names in every database, and so they have here.
 */

import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';
import { unreachable } from '../../../protocol/errors.ts';
import { statuses } from '../../../protocol/events.ts';
import { hashOf } from '../blobs.ts';
import { jsonOf, textOf } from '../row.ts';
import type { LogRow } from '../rows/rows.ts';
import { StoreError } from '../store.ts';
import { type Batch, type LogIdentity, type TableName, tableNames } from './tables.ts';

/** Of the lines. A newer one is refused. Version 1 had no images, version 2 no repeats, version 3
 * nothing of what is sent to others. */
export const exportVersion = 4;

const seq = z.int().positive();
const sum = z.int().min(0).max(0xffff_ffff);
const hex = z.hex().transform((digits) => new Uint8Array(Buffer.from(digits, 'hex')));

const rowSchemas = {
  records: z.strictObject({
    ...{ seq, store: z.string(), store_seq: seq, order_id: z.string(), rev: seq, previous: z.int().min(0) },
    ...{
      board: z.enum(['on', 'off', 'amended', 'same']),
      drivers: z.string(),
      crc: sum,
      json: z.string().startsWith('{'),
    },
  }),
  parcels: z.strictObject({
    ...{ first_seq: seq, first_store_seq: seq, last_seq: seq, last_store_seq: seq },
    ...{ store: z.string(), order_id: z.string(), status: z.enum(statuses), holder: z.string().nullable() },
    ...{ finished: z.int().min(0).max(1), state: z.string(), crc: sum },
  }),
  commands: z.strictObject({ id: z.string(), actor: z.string(), seq }),
  acknowledged: z.strictObject({ first_seq: seq }),
  keys: z.strictObject({
    ...{ id: z.string(), hash: hex, role: z.enum(['vendor', 'driver', 'admin']), owner: z.string() },
    ...{ name: z.string(), hint: z.string(), created_at: z.string(), revoked_at: z.string().nullable() },
  }),
  profiles: z.strictObject({ store: z.string(), profile: z.string() }),
  repeats: z.strictObject({ store: z.string(), id: z.string(), text: z.string() }),
  outbound: z.strictObject({ topic: z.string(), id: z.string(), text: z.string() }),
  blobs: z
    .strictObject({ store: z.string(), order_id: z.string(), hash: z.string(), bytes: z.string() })
    .transform(({ bytes, ...row }) => ({ ...row, bytes: new Uint8Array(Buffer.from(bytes, 'base64')) }))
    .refine(({ hash, bytes }) => hashOf(bytes) === hash, 'An image has another hash'),
};

const countSchema = z.strictObject({ rows: z.int().min(0), sha256: z.hex() });
const noRows = { rows: 0, sha256: createHash('sha256').digest('hex') };
const countsSchema = z.strictObject({
  ...{ records: countSchema, parcels: countSchema, commands: countSchema },
  ...{ acknowledged: countSchema, keys: countSchema, profiles: countSchema },
  // Older exports have none.
  ...{ repeats: countSchema.default(noRows), outbound: countSchema.default(noRows) },
  blobs: countSchema.default(noRows),
});

const headSchema = z.object({
  ...{ caps: z.literal('export'), version: z.int().positive(), from: z.string(), time: z.string() },
  ...{ epoch: z.string().min(1), secret: hex },
  setBacks: z.array(z.strictObject({ first: seq, last: seq.nullable() })),
});

const endSchema = z.strictObject({ isLive: z.boolean(), tables: countsSchema });

export interface ExportHead extends LogIdentity {
  /** Where the log was, for people. */
  readonly from: string;
  /** When it was exported. */
  readonly time: string;
}

/** How many rows each table has, and the hash of their lines. */
export type TableCounts = z.infer<typeof countsSchema>;

export interface ExportEnd {
  /** Whether a hub may have written to the log since. */
  readonly isLive: boolean;
  readonly tables: TableCounts;
}

// ---- writing ----

export function headLine({ epoch, secret, setBacks, from, time }: ExportHead): string {
  const head = { caps: 'export', version: exportVersion, from, time, epoch, secret: toHex(secret), setBacks };
  return `${JSON.stringify(head)}\n`;
}

export function endLine(end: ExportEnd): string {
  return `${JSON.stringify({ end })}\n`;
}

/** The batch's lines. */
export function batchLines(batch: Batch): string {
  const { table } = batch;
  let lines = '';
  for (const row of cellsOf(batch)) lines += `{"${table}":${JSON.stringify(row)}}\n`;
  return lines;
}

function cellsOf(batch: Batch): readonly object[] {
  switch (batch.table) {
    case 'records':
      return batch.rows.map(recordCells);
    case 'parcels':
      return batch.rows.map((row) => inOrder('parcels', row));
    case 'commands':
      return batch.rows.map((row) => inOrder('commands', row));
    case 'acknowledged':
      return batch.rows.map((row) => inOrder('acknowledged', row));
    case 'keys':
      return batch.rows.map((row) => inOrder('keys', { ...row, hash: toHex(row.hash) }));
    case 'profiles':
      return batch.rows.map((row) => inOrder('profiles', row));
    case 'repeats':
      return batch.rows.map((row) => inOrder('repeats', row));
    case 'outbound':
      return batch.rows.map((row) => inOrder('outbound', row));
    case 'blobs':
      return batch.rows.map((row) => ({
        ...{ store: row.store, order_id: row.order_id, hash: row.hash },
        bytes: Buffer.from(row.bytes).toString('base64'),
      }));
    default:
      return unreachable(batch);
  }
}

function recordCells({ text, ...row }: LogRow): object {
  return inOrder('records', { ...row, json: jsonOf(text) });
}

/** Databases give columns in different orders, and some of their own. */
function inOrder(table: Exclude<TableName, 'blobs'>, row: object): object {
  const cells = row as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(rowSchemas[table].shape).map((name) => [name, cells[name]]));
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Counts the lines of tables, and hashes them. */
export class LineCounter {
  readonly #rows = new Map<TableName, number>();
  readonly #hashes = new Map<TableName, Hash>(tableNames.map((table) => [table, createHash('sha256')]));

  add({ table, rows }: Batch, lines: string): void {
    this.#rows.set(table, this.countOf(table) + rows.length);
    this.#hashes.get(table)?.update(lines);
  }

  countOf(table: TableName): number {
    return this.#rows.get(table) ?? 0;
  }

  /** Once. */
  counts(): TableCounts {
    const count = (table: TableName) => ({
      rows: this.countOf(table),
      sha256: this.#hashes.get(table)?.digest('hex') ?? '',
    });
    return {
      ...{ records: count('records'), parcels: count('parcels'), commands: count('commands') },
      ...{ acknowledged: count('acknowledged'), keys: count('keys'), profiles: count('profiles') },
      ...{ repeats: count('repeats'), outbound: count('outbound'), blobs: count('blobs') },
    };
  }
}

// ---- reading ----

/** @throws StoreError if it is no export, or a newer one */
export function readHead(line: string, file: string): ExportHead {
  const head = headSchema.safeParse(jsonIn(line));
  if (!head.success) throw new StoreError(`The file ${file} is not an export of CAPS.`);
  const { version, epoch, secret, setBacks, from, time } = head.data;
  if (version > exportVersion) {
    throw new StoreError(
      `The export ${file} was written by a newer CAPS (its format is ${version}, this one knows ${exportVersion}).`,
    );
  }
  return { epoch, secret, setBacks, from, time };
}

/** A parsed line after the first. */
export interface ExportLine {
  readonly name: TableName | 'end';
  readonly value: unknown;
}

/** @throws Error if it is no line of an export */
export function readLine(line: string): ExportLine {
  const [[name, value] = ['', undefined], ...more] = Object.entries(jsonIn(line) ?? {});
  const known = ([...tableNames, 'end'] as const).find((one) => one === name);
  if (known === undefined || more.length > 0) throw new Error('a line is none of an export');
  return { name: known, value };
}

/** @throws Error if a row has other cells than its table */
export function readBatch(table: TableName, rows: readonly unknown[]): Batch {
  switch (table) {
    case 'records':
      return {
        table,
        rows: rows.map((row) => {
          const { json, ...cells } = rowSchemas.records.parse(row);
          return { ...cells, text: textOf(json) };
        }),
      };
    case 'parcels':
      return { table, rows: rows.map((row) => rowSchemas.parcels.parse(row)) };
    case 'commands':
      return { table, rows: rows.map((row) => rowSchemas.commands.parse(row)) };
    case 'acknowledged':
      return { table, rows: rows.map((row) => rowSchemas.acknowledged.parse(row)) };
    case 'keys':
      return { table, rows: rows.map((row) => rowSchemas.keys.parse(row)) };
    case 'profiles':
      return { table, rows: rows.map((row) => rowSchemas.profiles.parse(row)) };
    case 'repeats':
      return { table, rows: rows.map((row) => rowSchemas.repeats.parse(row)) };
    case 'outbound':
      return { table, rows: rows.map((row) => rowSchemas.outbound.parse(row)) };
    case 'blobs':
      return { table, rows: rows.map((row) => rowSchemas.blobs.parse(row)) };
    default:
      return unreachable(table);
  }
}

/** @throws Error if it is no end of an export */
export function readEnd(value: unknown): ExportEnd {
  return endSchema.parse(value);
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
