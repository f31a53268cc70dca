/** Answers the questions of a list of parcels (`rows/lists.ts`) from the SQLite file. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { unreachable } from '../../../protocol/errors.ts';
import type { Budget } from '../rows/budget.ts';
import type { Damages } from '../rows/damage.ts';
import {
  type ListAnswers,
  type ListOrder,
  type ListQuestion,
  type ListRow,
  listPage,
  type NamedRow,
  type Source,
} from '../rows/lists.ts';
import type { ParcelPage, ParcelQuery } from '../store.ts';

/**
 * A parcel, with the columns of its pickup's log row that its own row lacks. A left join, so that a missing log row
 * is noticed.
 */
export const parcelColumns = `SELECT parcels.*, log.board AS p_board, log.drivers AS p_drivers,
  log.text AS p_text, log.crc AS p_crc`;
const withPickup = 'parcels LEFT JOIN log ON log.seq = first_seq';

/**
 * The SQL of one step. SQLite merges the sources' indexes as it reads them, so no row is read that the step does not
 * need. Parameters: each source's own and the cursor, and the limit.
 */
export function stepSql(sources: readonly Source[], order: ListOrder): string {
  const [, way] = wayOf(order);
  const each = sources.map((source) => sourceSql(source, order));
  return `${each.join(' UNION ALL ')} ORDER BY first_seq ${way} LIMIT ?`;
}

function sourceSql({ kind }: Source, order: ListOrder): string {
  const [sign] = wayOf(order);
  const rest = `first_seq ${sign} ?`;
  const from = (index: string) =>
    `${parcelColumns} FROM parcels ${index} LEFT JOIN log ON log.seq = first_seq WHERE`;
  switch (kind) {
    case 'status':
      return `${from('INDEXED BY parcels_by_status')} status = ? AND status <> 'delivered' AND ${rest}`;
    case 'holder':
      return `${from('INDEXED BY parcels_by_holder')} holder = ? AND ${rest}`;
    case 'hand':
      return `${from('INDEXED BY parcels_in_hand')} holder = ? AND status = ? AND finished = 0 AND ${rest}`;
    case 'open':
      return `${from('INDEXED BY parcels_unfinished')} finished = 0 AND parcels.store = ? AND ${rest}`;
    case 'all':
      return `${from('')} ${rest}`;
    default:
      return unreachable(kind);
  }
}

/** The SQL of one step in a store's records. Parameters: the store, the cursor, the other end, and the limit. */
export function storeSql(order: ListOrder): string {
  const [sign, way, end] = wayOf(order);
  return `${parcelColumns}, own.store_seq AS place
    FROM log AS own INDEXED BY log_by_store CROSS JOIN parcels ON first_seq = own.seq
    LEFT JOIN log ON log.seq = first_seq
    WHERE own.store = ? AND own.store_seq ${sign} ? AND own.store_seq ${end} ?
    ORDER BY own.store_seq ${way} LIMIT ?`;
}

function wayOf(order: ListOrder): readonly [sign: string, way: string, end: string] {
  return order === 'newest' ? ['<', 'DESC', '>='] : ['>', 'ASC', '<='];
}

export class SqliteParcels {
  readonly #db: DatabaseSync;
  readonly #damage: Damages;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, damage: Damages) {
    this.#db = db;
    this.#damage = damage;
  }

  page(query: ParcelQuery, budget: Budget): ParcelPage {
    const list = listPage(query, budget, this.#damage);
    let step = list.next();
    while (!step.done) step = list.next(this.#answer(step.value));
    return step.value;
  }

  #answer(question: ListQuestion): ListAnswers[keyof ListAnswers]['answer'] {
    switch (question.kind) {
      case 'sources':
        return this.#sources(question);
      case 'store': {
        const { store, order, from, end, limit } = question;
        return this.#rows(storeSql(order), store, from, end, limit);
      }
      case 'range':
        return this.#range(question);
      case 'pickups': {
        const sql = `${parcelColumns} FROM ${withPickup} WHERE first_seq = ?`;
        return question.seqs.flatMap((seq) => this.#rows(sql, seq));
      }
      case 'records':
        return this.#records(question.seqs);
      case 'last':
        return Number(this.#one('SELECT max(first_seq) AS value FROM parcels') ?? 0);
      case 'storeHead': {
        const sql = 'SELECT store_seq AS value FROM log WHERE store = ? ORDER BY store_seq DESC LIMIT 1';
        return Number(this.#one(sql, question.store) ?? 0);
      }
      case 'seqOf': {
        const { store, storeSeq } = question;
        const sql = 'SELECT seq AS value FROM log WHERE store = ? AND store_seq = ?';
        const seq = this.#one(sql, store, storeSeq);
        return seq === undefined ? undefined : Number(seq);
      }
      case 'acknowledged':
        return this.#one('SELECT 1 AS value FROM acknowledged WHERE first_seq = ?', question.seq) === 1;
      default:
        return unreachable(question);
    }
  }

  #sources(question: ListQuestion & { kind: 'sources' }): ListRow[][] {
    const { sources, order, from, limit } = question;
    const values = sources.flatMap((source) => [...namesIn(source), from]);
    return [this.#rows(stepSql(sources, order), ...values, limit)];
  }

  #range({ statuses, order, from, end, limit }: ListQuestion & { kind: 'range' }): ListRow[] {
    const [sign, way, to] = wayOf(order);
    const sql = `${parcelColumns} FROM ${withPickup} WHERE status IN (SELECT value FROM json_each(?))
      AND first_seq ${sign} ? AND first_seq ${to} ? ORDER BY first_seq ${way} LIMIT ?`;
    return this.#rows(sql, JSON.stringify(statuses), from, end, limit);
  }

  #records(seqs: readonly number[]): NamedRow[] {
    const sql = `SELECT value, log.*, first_seq FROM json_each(?) LEFT JOIN log ON log.seq = value
       LEFT JOIN parcels ON parcels.store = log.store AND parcels.order_id = log.order_id`;
    return this.#prepared(sql).all(JSON.stringify(seqs)) as unknown as NamedRow[];
  }

  #rows(sql: string, ...values: readonly (string | number)[]): ListRow[] {
    return this.#prepared(sql).all(...values) as unknown as ListRow[];
  }

  #one(sql: string, ...values: readonly (string | number)[]): unknown {
    return this.#prepared(sql).get(...values)?.['value'] ?? undefined;
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}

function namesIn(source: Source): string[] {
  switch (source.kind) {
    case 'status':
      return [source.status];
    case 'holder':
      return [source.holder];
    case 'hand':
      return [source.holder, source.status];
    case 'open':
      return [source.store];
    default:
      return [];
  }
}
