/** Reads the log from the SQLite file, around damaged rows. */

import type { Row } from '../row.ts';
import type { Damages } from '../rows/damage.ts';
import { densePage, type PlacedRows } from '../rows/pages.ts';
import { anonymousName, type LogRow, soundRow } from '../rows/rows.ts';
import type { Page, Range, Scope, StoredParcel } from '../store.ts';
import type { LogStatements } from './statements.ts';

export type DenseScope = Exclude<Scope, { kind: 'parcel' }>;

export class SqliteLog {
  readonly #sql: LogStatements;
  readonly #damage: Damages;

  constructor(sql: LogStatements, damage: Damages) {
    this.#sql = sql;
    this.#damage = damage;
  }

  /** @param end the scope's last place */
  page(scope: DenseScope, range: Range, end: number): Omit<Page, 'head'> {
    const isAll = scope.kind === 'all';
    const what = (place: number) => (isAll ? `record ${place}` : `record ${place} of a store`);
    return densePage(range, end, this.#range(scope, range), (row, place) => this.#row(row, what(place)));
  }

  *#range(scope: DenseScope, range: Range): Generator<readonly [number, LogRow]> {
    const sql = this.#sql;
    const { limit } = range;
    const isAll = scope.kind === 'all';
    const rows: Iterable<unknown> = isAll
      ? 'after' in range
        ? sql.after.iterate(range.after, limit)
        : sql.before.iterate(range.before, limit)
      : 'after' in range
        ? sql.storeAfter.iterate(scope.store, range.after, limit)
        : sql.storeBefore.iterate(scope.store, range.before, limit);
    for (const row of rows as Iterable<LogRow>) yield [isAll ? row.seq : row.store_seq, row];
  }

  /** A parcel's records: walks back from the last one by index, then reads those on the page. */
  life(stored: StoredParcel, range: Range): Omit<Page, 'head'> {
    const { store, orderID } = stored.parcel.payload;
    const end = stored.parcel.rev;
    const from = 'after' in range ? range.after + 1 : Math.min(range.before, end + 1) - range.limit;
    const seqs = this.#walk(stored, from);
    const found = 'after' in range ? seqs.reverse() : seqs.filter(([rev]) => rev < range.before);
    const rowOf = this.#sql.bySeq;
    function* rows(): PlacedRows<LogRow> {
      for (const [rev, seq] of found) {
        const row = rowOf.get(seq) as unknown as LogRow | undefined;
        if (row) yield [rev, row];
      }
    }
    const missing = `a record of ${anonymousName({ first_seq: stored.first.seq })}`;
    return densePage(range, end, rows(), (row, rev) => {
      const sound = this.#row(row, missing);
      return sound?.rev === rev && sound.store === store && sound.orderID === orderID ? sound : undefined;
    });
  }

  /** Seqs of a parcel's records, from its last one back to this rev. */
  #walk({ parcel, first, last }: StoredParcel, from: number): [rev: number, seq: number][] {
    const seqs: [number, number][] = [];
    let seq = last.seq;
    for (let rev = parcel.rev; rev >= Math.max(1, from); rev -= 1) {
      const step = this.#sql.step.get(seq) as { rev: number; previous: number } | undefined;
      if (step?.rev !== rev) {
        // The chain is broken, but its start is known.
        if (from <= 1) seqs.push([1, first.seq]);
        break;
      }
      seqs.push([rev, seq]);
      seq = step.previous;
    }
    return seqs;
  }

  bySeq(seq: number): Row | undefined {
    return this.#row(this.#sql.bySeq.get(seq) as unknown as LogRow | undefined, `record ${seq}`);
  }

  /** @param missing the name to report if the row does not exist */
  #row(row: LogRow | undefined, missing: string): Row | undefined {
    const sound = row && soundRow(row);
    if (!sound) this.#damage.found(row ? `record ${row.seq}` : missing);
    return sound;
  }
}
