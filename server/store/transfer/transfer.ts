/** Exports a whole log into a file, and makes a log of such a file: in another place or another database. */

import { CapsError } from '../../../protocol/errors.ts';
import { ownTimeOf } from '../../../protocol/own-time.ts';
import { reasonOf } from '../reason.ts';
import { storedRecord } from '../row.ts';
import { newEpoch } from '../rows/epoch.ts';
import type { Head } from '../store.ts';
import { StoreError } from '../store.ts';
import { checkWhole, RowCheck } from './check.ts';
import { readLines, writeLines } from './file.ts';
import {
  type ExportEnd,
  type ExportHead,
  endLine,
  headLine,
  readBatch,
  readEnd,
  readHead,
  readLine,
  type TableCounts,
} from './lines.ts';
import {
  type Batch,
  batchRows,
  type LogSource,
  type LogTarget,
  type TableName,
  tableNames,
} from './tables.ts';

/** A batch's lines end with the one that reaches this; in characters. */
const batchSizeMax = 1024 * 1024;

export interface ExportReport {
  readonly path: string;
  /** Where the log is, for people. */
  readonly from: string;
  readonly bytes: number;
  /** Whether a hub may have written to the log since. */
  readonly isLive: boolean;
  readonly tables: TableCounts;
  /** Hashes of images that the disk has damaged, and that are not in the file. */
  readonly damagedImages: readonly string[];
}

/**
 * Writes a log as of one moment into a new file.
 * @throws StoreError if the log is damaged, the file exists, or it cannot be written
 */
export async function exportLog(source: LogSource, to: string): Promise<ExportReport> {
  const check = new RowCheck();
  let end: ExportEnd | undefined;
  async function* rows(): AsyncGenerator<string> {
    const identity = await source.identity();
    yield headLine({ ...identity, from: source.place, time: new Date().toISOString() });
    for (const table of tableNames) {
      for await (const batch of source.rows(table)) yield check.follow(batch);
    }
    end = { isLive: await source.isLive(), tables: check.counts() };
    yield endLine(end);
  }
  async function* lines(): AsyncGenerator<string> {
    try {
      yield* rows();
    } catch (error) {
      if (error instanceof StoreError) throw error;
      const why = `The log in ${source.place} cannot be read (${reasonOf(causeOf(error))}).`;
      throw new StoreError(why, { cause: error });
    }
  }
  const bytes = await writeLines(to, lines());
  if (!end) throw new Error('an export has no end');
  return { path: to, from: source.place, bytes, ...end, damagedImages: source.damagedImages };
}

export interface ImportReport {
  /** Where the log is now, for people. */
  readonly place: string;
  /** Where the log was. */
  readonly from: string;
  readonly epoch: string;
  /** Whether the epoch is a new one, because a hub went on writing to the old log. */
  readonly isRenamed: boolean;
  readonly revokedKeys: number;
  readonly tables: TableCounts;
}

/**
 * Makes a log of an export, all of it or nothing. The file is read whole before anything is written.
 * @param open called once the file is found to be sound @throws StoreError in one sentence
 */
export async function importLog(file: string, open: () => Promise<LogTarget>): Promise<ImportReport> {
  const lines = readLines(file);
  try {
    const first = await lines.next();
    const head = readHead(first.done ? '' : first.value, file);
    const target = await open();
    try {
      return await fill(target, head, batchesIn(lines, file));
    } catch (error) {
      if (error instanceof StoreError) throw error;
      const why = `${file} could not be imported into ${target.place} (${reasonOf(causeOf(error))}).`;
      throw new StoreError(why, { cause: error });
    } finally {
      await target.close();
    }
  } finally {
    await lines.return(undefined);
  }
}

async function fill(
  target: LogTarget,
  head: ExportHead,
  parts: AsyncIterable<Batch | ExportEnd>,
): Promise<ImportReport> {
  const check = new RowCheck();
  let end: ExportEnd | undefined;
  let last: { readonly head: Head; readonly ownMs: number } = { head: { seq: 0, time: '' }, ownMs: 0 };
  let revokedKeys = 0;
  for await (const part of parts) {
    if (!('table' in part)) {
      end = part;
      continue;
    }
    check.follow(part);
    await target.write(part);
    if (part.table === 'records') last = lastOf(part.rows) ?? last;
    if (part.table === 'keys')
      revokedKeys += part.rows.filter(({ revoked_at }) => revoked_at !== null).length;
  }
  if (!end) throw new StoreError('The export has no end.');
  const { isLive, tables } = end;
  const { secret, setBacks } = head;
  const epoch = isLive ? newEpoch() : head.epoch;
  await target.complete({ epoch, secret, setBacks }, last.head, last.ownMs);
  await checkWhole(target, { epoch, secret, setBacks }, tables);
  await target.settle();
  return { place: target.place, from: head.from, epoch, isRenamed: isLive, revokedKeys, tables };
}

function lastOf(rows: readonly { seq: number; text: string }[]): { head: Head; ownMs: number } | undefined {
  const row = rows.at(-1);
  if (!row) return undefined;
  const record = storedRecord(row.text);
  return { head: { seq: row.seq, time: record.time }, ownMs: ownTimeOf(record) };
}

/** A lost connection says why in its cause. */
function causeOf(error: unknown): unknown {
  return error instanceof CapsError && error.cause !== undefined ? error.cause : error;
}

/** Gathers lines of one table. */
async function* batchesIn(lines: AsyncIterable<string>, file: string): AsyncGenerator<Batch | ExportEnd> {
  let table: TableName | undefined;
  let rows: unknown[] = [];
  let size = 0;
  try {
    for await (const line of lines) {
      const { name, value } = readLine(line);
      const isFull = rows.length >= batchRows || size >= batchSizeMax;
      if (table !== undefined && (name !== table || isFull)) {
        yield readBatch(table, rows);
        [rows, size] = [[], 0];
      }
      if (name === 'end') {
        yield readEnd(value);
        return;
      }
      table = name;
      rows.push(value);
      size += line.length;
    }
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`The export ${file} has a line that is none of an export.`, { cause: error });
  }
}
