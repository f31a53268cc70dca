/** Checks that a log is whole: its rows as they were written, its numbers without a hole, its parcels a fold of it. */

import { isDeepStrictEqual } from 'node:util';
import { apply, type Parcel } from '../../../protocol/parcel.ts';
import { storedRecord } from '../row.ts';
import {
  anonymousName,
  isSound,
  type LogRow,
  type ParcelColumns,
  parcelRowOf,
  parcelSum,
} from '../rows/rows.ts';
import { StoreError } from '../store.ts';
import { batchLines, LineCounter, type TableCounts } from './lines.ts';
import {
  type Batch,
  batchRows,
  type LogIdentity,
  type LogTables,
  type TableName,
  tableNames,
} from './tables.ts';

/** Follows all rows of a log as they pass by, and finds what is damaged or missing. */
export class RowCheck {
  readonly #counter = new LineCounter();

  /** @returns the batch's lines @throws StoreError in one sentence */
  follow(batch: Batch): string {
    if (batch.table === 'records') this.#checkRecords(batch.rows);
    if (batch.table === 'parcels') {
      const damaged = batch.rows.find((row) => parcelSum(row) !== row.crc);
      if (damaged) throw damageIn(anonymousName(damaged));
    }
    const lines = batchLines(batch);
    this.#counter.add(batch, lines);
    return lines;
  }

  #checkRecords(rows: readonly LogRow[]): void {
    let last = this.countOf('records');
    for (const row of rows) {
      if (row.seq !== last + 1) throw damageIn(`record ${last + 1}`);
      if (!isSound(row)) throw damageIn(`record ${row.seq}`);
      last = row.seq;
    }
  }

  countOf(table: TableName): number {
    return this.#counter.countOf(table);
  }

  /** Once, at the end. */
  counts(): TableCounts {
    return this.#counter.counts();
  }
}

export function damageIn(what: string): StoreError {
  return new StoreError(
    `The log is damaged (${what}), and only a whole one can be moved: restore a backup first.`,
  );
}

/**
 * Reads everything again that was written to a log.
 * @throws StoreError if anything differs from what the export says, or does not fit together
 */
export async function checkWhole(
  tables: LogTables,
  identity: LogIdentity,
  expected: TableCounts,
): Promise<void> {
  if (!isDeepStrictEqual(namesIn(await tables.identity()), namesIn(identity))) {
    throw new StoreError('What the log says of itself is not what the export says of it.');
  }
  const check = new RowCheck();
  for (const table of tableNames) {
    for await (const batch of tables.rows(table)) check.follow(batch);
  }
  const counts = check.counts();
  const other = tableNames.find((table) => !isDeepStrictEqual(counts[table], expected[table]));
  if (other !== undefined)
    throw new StoreError(`The ${other} that were written are not those of the export.`);
  const lives = await checkLives(tables);
  if (lives.records !== expected.records.rows || lives.parcels !== expected.parcels.rows) {
    throw new StoreError('The log has parcels without records, or records without a parcel.');
  }
}

function namesIn({ epoch, secret, setBacks }: LogIdentity): object {
  return { epoch, secret: Buffer.from(secret).toString('hex'), setBacks };
}

interface FoldedLife {
  readonly parcel: Parcel;
  readonly first: LogRow;
  readonly last: LogRow;
}

/** Folds every parcel's records, and compares it with its row. */
async function checkLives(tables: LogTables): Promise<{ records: number; parcels: number }> {
  const stores = new StoreOrder();
  let records = 0;
  let parcels = 0;
  let life: FoldedLife | undefined;
  let folded: FoldedLife[] = [];
  const compare = async () => {
    parcels += folded.length;
    await compareParcels(tables, folded);
    folded = [];
  };
  for await (const rows of tables.lives()) {
    for (const row of rows) {
      records += 1;
      stores.follow(row);
      const next = followed(life, row);
      if (life && next.first !== life.first) folded.push(life);
      life = next;
    }
    if (folded.length >= batchRows) await compare();
  }
  if (life) folded.push(life);
  await compare();
  stores.end();
  return { records, parcels };
}

/** @throws StoreError if the record does not follow the one before it */
function followed(life: FoldedLife | undefined, row: LogRow): FoldedLife {
  const isSame = life?.first.store === row.store && life.first.order_id === row.order_id;
  const before = isSame ? life : undefined;
  const record = storedRecord(row.text);
  const fits = row.previous === (before?.last.seq ?? 0) && row.rev === (before?.last.rev ?? 0) + 1;
  if (!fits || record.rev !== row.rev) throw damageIn(`the parcel of record ${row.seq}`);
  return { parcel: apply(before?.parcel, record), first: before?.first ?? row, last: row };
}

async function compareParcels(tables: LogTables, folded: readonly FoldedLife[]): Promise<void> {
  const rows = await tables.parcelsAt(folded.map(({ first }) => first.seq));
  const bySeq = new Map(rows.map((row) => [row.first_seq, row]));
  for (const { parcel, first, last } of folded) {
    const positionOf = ({ seq, store_seq }: LogRow) => ({ seq, storeSeq: store_seq });
    const expected = parcelRowOf({ parcel, first: positionOf(first), last: positionOf(last) });
    const row = bySeq.get(first.seq);
    if (!row || !isDeepStrictEqual(cellsOf(row), cellsOf(expected))) {
      throw damageIn(`the parcel of record ${first.seq} is not what its records say`);
    }
  }
}

/**
 * The state as a value: numbers in details may be spelled otherwise there, e.g. 1.0. An older hub does not write which
 * record changed a field.
 */
function cellsOf({ state, ...row }: ParcelColumns & { readonly crc: number | null }): object {
  const { fieldRevs: _, ...life } = JSON.parse(state) as Partial<Parcel>;
  return { ...row, crc: undefined, state: life };
}

/** Each store's own numbers have no hole. Its records come together, in any order. */
class StoreOrder {
  #store: string | undefined;
  #count = 0;
  #last = 0;

  follow({ store, store_seq }: LogRow): void {
    if (store !== this.#store) {
      this.end();
      this.#store = store;
      this.#count = 0;
      this.#last = 0;
    }
    this.#count += 1;
    this.#last = Math.max(this.#last, store_seq);
  }

  /** No two records of a store have the same number. So as many as the last one is leave no hole. */
  end(): void {
    if (this.#count !== this.#last) throw damageIn('a record of a store');
  }
}
