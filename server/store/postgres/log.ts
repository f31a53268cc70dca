/** Reads the log from PostgreSQL, around damaged rows. */

import type { ParcelId } from '../../../protocol/orders.ts';
import type { Row } from '../row.ts';
import type { Damages } from '../rows/damage.ts';
import { densePage, rowsAmong } from '../rows/pages.ts';
import { anonymousName, type LogRow, type ParcelRow, soundParcel, soundRow } from '../rows/rows.ts';
import { answers } from '../rows/sifting.ts';
import {
  answerSizeMax,
  DamagedError,
  type Page,
  type Range,
  type Scope,
  type SiftPage,
  type SiftQuery,
  type StoredParcel,
} from '../store.ts';
import type { Connection, Statement, Value } from './connection.ts';
import { mayContain, parcelColumns, plainWords, withPickup } from './statements.ts';

/** Time per request of a search, and records per step. */
const sliceMs = 50;
const sliceRows = 5_000;

type DenseScope = Exclude<Scope, { kind: 'parcel' }>;

export class PostgresLog {
  readonly #damage: Damages;

  constructor(damage: Damages) {
    this.#damage = damage;
  }

  /** @param head the log's last seq when the reading began: later records are left for later */
  async page(connection: Connection, scope: Scope, range: Range, head: number): Promise<Omit<Page, 'head'>> {
    if (scope.kind === 'parcel') return this.#life(connection, scope.parcel, range, head);
    const isAll = scope.kind === 'all';
    const end = isAll ? head : await this.storeHead(connection, scope.store, head);
    const [rows = []] = await connection.all([rangeOf(scope, range, end)]);
    const placed = (rows as LogRow[]).map((row) => [isAll ? row.seq : row.store_seq, row] as const);
    const what = (place: number) => (isAll ? `record ${place}` : `record ${place} of a store`);
    return densePage(range, end, placed, (row, place) => this.#sound(row, what(place)));
  }

  /** A store's last seq; 0 for an unknown store. */
  async storeHead(connection: Connection, store: string, upTo?: number): Promise<number> {
    const [rows = []] = await connection.all([
      upTo === undefined
        ? {
            name: 'store-head',
            text: 'SELECT store_seq FROM log WHERE store = $1 ORDER BY store_seq DESC LIMIT 1',
            values: [store],
          }
        : {
            name: 'store-head-at',
            text: 'SELECT store_seq FROM log WHERE store = $1 AND seq <= $2 ORDER BY store_seq DESC LIMIT 1',
            values: [store, upTo],
          },
    ]);
    return (rows as { store_seq: number }[])[0]?.store_seq ?? 0;
  }

  /** @throws DamagedError */
  async parcel(connection: Connection, { store, orderID }: ParcelId): Promise<StoredParcel | undefined> {
    const [rows = []] = await connection.all([
      {
        name: 'parcel',
        text: `${parcelColumns} FROM ${withPickup} WHERE parcels.store = $1 AND parcels.order_id = $2`,
        values: [store, orderID],
      },
    ]);
    const [row] = rows as ParcelRow[];
    if (!row) return undefined;
    const stored = soundParcel(row);
    if (stored) return stored;
    this.#damage.found(anonymousName(row));
    throw new DamagedError(anonymousName(row));
  }

  /** A parcel's records: walks back from the last one, each of which names the one before it. */
  async #life(
    connection: Connection,
    parcel: ParcelId,
    range: Range,
    head: number,
  ): Promise<Omit<Page, 'head'>> {
    const stored = await this.parcel(connection, parcel);
    if (!stored) return { rows: [], more: false };
    const all = await connection.run<LogRow>(
      `WITH RECURSIVE life AS (
         SELECT * FROM log WHERE seq = $1
         UNION ALL
         SELECT log.* FROM log JOIN life ON log.seq = life.previous WHERE life.rev > $2)
       SELECT * FROM life WHERE seq <= $3 AND rev BETWEEN $2 AND $4 ORDER BY rev`,
      [stored.last.seq, ...revsOf(range, stored.parcel.rev, head)],
    );
    // The parcel may have moved on since the head was read.
    const end = Math.min(stored.parcel.rev, stored.last.seq > head ? (all.at(-1)?.rev ?? 0) : Infinity);
    const inOrder = 'after' in range ? all : all.toReversed();
    const placed = inOrder.map((row) => [row.rev, row] as const);
    const missing = `a record of ${anonymousName({ first_seq: stored.first.seq })}`;
    return densePage(range, end, placed, (row) => this.#sound(row, missing));
  }

  async rowsAt(connection: Connection, seqs: readonly number[]): Promise<Pick<Page, 'rows' | 'damaged'>> {
    const [found = []] = await connection.all([
      { name: 'rows-at', text: 'SELECT * FROM log WHERE seq = ANY ($1::bigint[])', values: [seqs] },
    ]);
    const rows = new Map((found as LogRow[]).map((row) => [row.seq, row]));
    return rowsAmong(seqs, (seq) => this.#sound(rows.get(seq), `record ${seq}`));
  }

  /** @param missing the name to report if the row does not exist */
  #sound(row: LogRow | undefined, missing: string): Row | undefined {
    const sound = row && soundRow(row);
    if (!sound) this.#damage.found(row ? `record ${row.seq}` : missing);
    return sound;
  }

  /** Filters in the database as far as it can, and the rest here. */
  async sift(connection: Connection, wanted: SiftQuery): Promise<SiftPage> {
    const { scope, low, high, forwards, limit, bytes = answerSizeMax } = wanted;
    const until = performance.now() + sliceMs;
    const rows: Row[] = [];
    const damaged: number[] = [];
    const sifted = (place: number | undefined): SiftPage =>
      damaged.length === 0 ? { rows, place } : { rows, place, damaged };
    let place = forwards ? low : high + 1;
    for (let sent = 0; ; ) {
      const end = forwards ? Math.min(high, place + sliceRows) : Math.max(low, place - 1 - sliceRows);
      const step = forwards ? { above: place, upTo: end } : { above: end, upTo: place - 1 };
      for (const found of await connection.run<LogRow>(...siftSql(wanted, step))) {
        const at = scope.kind === 'store' ? found.store_seq : found.seq;
        const row = soundRow(found);
        if (!row) {
          this.#damage.found(`record ${found.seq}`);
          damaged.push(at);
        } else if (answers(row, wanted)) {
          rows.push(row);
          sent += Buffer.byteLength(row.text);
          if (rows.length === limit || sent >= bytes) return sifted(at);
        }
      }
      if (forwards ? end >= high : end <= low) return sifted(undefined);
      place = forwards ? end : end + 1;
      if (performance.now() >= until) return sifted(place);
    }
  }
}

/** One page's rows in range order, no more of them than its size allows. */
function rangeOf(scope: DenseScope, range: Range, end: number): Statement {
  const isUp = 'after' in range;
  const [column, where] = scope.kind === 'all' ? ['seq', 'true'] : ['store_seq', 'store = $5'];
  const way = isUp ? 'ASC' : 'DESC';
  const from = isUp ? range.after : range.before;
  // A page ends after the row that fills it, so a row belongs to it if those before it do not.
  const text = `SELECT * FROM (
      SELECT *, sum(length(text)) OVER (ORDER BY ${column} ${way}) - length(text) AS before FROM (
        SELECT * FROM log WHERE ${where} AND ${column} ${isUp ? '>' : '<'} $1 AND ${column} <= $2
        ORDER BY ${column} ${way} LIMIT $3) AS page) AS sized
    WHERE before < $4 ORDER BY ${column} ${way}`;
  const sizeMax = range.sizeMax ?? Number.MAX_SAFE_INTEGER;
  const values = [from, end, range.limit, sizeMax, ...(scope.kind === 'all' ? [] : [scope.store])];
  return { name: `range-${scope.kind}-${way}`, text, values };
}

function revsOf(range: Range, rev: number, head: number): [from: number, head: number, to: number] {
  if ('after' in range) return [range.after + 1, head, Math.min(rev, range.after + range.limit)];
  const to = Math.min(range.before - 1, rev);
  return [Math.max(1, to - range.limit + 1), head, to];
}

/** What could answer, by a filter that leaves nothing out: characters that JSON escapes are compared here. */
function siftSql(
  { scope, forwards, driver, filter }: SiftQuery,
  { above, upTo }: { above: number; upTo: number },
): [string, Value[]] {
  const column = scope.kind === 'store' ? 'store_seq' : 'seq';
  const values: Value[] = [above, upTo];
  const conditions = [`${column} > $1`, `${column} <= $2`];
  const add = (condition: (place: string) => string, value: Value) => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  if (scope.kind === 'store') add((at) => `store = ${at}`, scope.store);
  if (scope.kind === 'parcel') {
    add((at) => `store = ${at}`, scope.parcel.store);
    add((at) => `order_id = ${at}`, scope.parcel.orderID);
  }
  if (driver !== undefined) add((at) => `strpos(drivers, ${at}) > 0`, JSON.stringify(driver));
  if (filter.event !== undefined) add((at) => `strpos(text, ${at}) > 0`, `"event":"${filter.event}"`);
  for (const word of plainWords(filter.terms)) add((at) => mayContain('text', at), word);
  return [
    `SELECT * FROM log WHERE ${conditions.join(' AND ')} ORDER BY ${column} ${forwards ? 'ASC' : 'DESC'}`,
    values,
  ];
}
