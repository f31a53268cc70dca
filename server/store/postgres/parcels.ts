/** Answers the questions of a list of parcels (`rows/lists.ts`) from PostgreSQL. */

import { unreachable } from '../../../protocol/errors.ts';
import { noBudget, sliceBudget } from '../rows/budget.ts';
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
import type { Connection, Statement, Value } from './connection.ts';
import { parcelColumns, pickupOfEach, withPickup } from './statements.ts';

type AcknowledgedRow = ListRow & { readonly acknowledged?: boolean };

/** One page, as far as it gets in a moment. */
export async function readParcels(
  connection: Connection,
  query: ParcelQuery,
  damage: Damages,
): Promise<ParcelPage> {
  const budget = query.caller === undefined ? noBudget : sliceBudget();
  const questions = new Questions(connection, query);
  const list = listPage(query, budget, damage);
  let step = list.next();
  while (!step.done) step = list.next(await questions.answer(step.value));
  return step.value;
}

class Questions {
  readonly #connection: Connection;
  readonly #columns: string;
  /** Acknowledged parcels among the rows that were read last. */
  readonly #acknowledged = new Set<number>();

  constructor(connection: Connection, { unacknowledged }: ParcelQuery) {
    this.#connection = connection;
    const isAcknowledged = 'SELECT 1 FROM acknowledged WHERE acknowledged.first_seq = parcels.first_seq';
    this.#columns = unacknowledged
      ? `${parcelColumns}, EXISTS (${isAcknowledged}) AS acknowledged`
      : parcelColumns;
  }

  async answer(question: ListQuestion): Promise<ListAnswers[keyof ListAnswers]['answer']> {
    switch (question.kind) {
      case 'sources': {
        const { sources, order, from, limit } = question;
        const lists = await this.#connection.all(
          sources.map((source) => this.#ofSource(source, order, [from, limit])),
        );
        return lists.map((rows) => this.#noted(rows as AcknowledgedRow[]));
      }
      case 'store': {
        const { store, order, from, end, limit } = question;
        const [sign, way, to] = wayOf(order);
        // A parcel's pickup is the record itself.
        return this.#rows(
          `${this.#columns}, pickup.store_seq AS place FROM (
             SELECT * FROM log WHERE store = $1 AND store_seq ${sign} $2 AND store_seq ${to} $3
             ORDER BY store_seq ${way} OFFSET 0) AS pickup
           JOIN LATERAL (SELECT * FROM parcels WHERE first_seq = pickup.seq OFFSET 0) AS parcels ON true
           ORDER BY pickup.store_seq ${way} LIMIT $4`,
          [store, from, end, limit],
        );
      }
      case 'range': {
        const { statuses, order, from, end, limit } = question;
        const [sign, way, to] = wayOf(order);
        return this.#rows(
          `${this.#columns} FROM ${withPickup} WHERE status = ANY ($1) AND first_seq ${sign} $2
             AND first_seq ${to} $3 ORDER BY first_seq ${way} LIMIT $4`,
          [statuses, from, end, limit],
        );
      }
      case 'pickups':
        return this.#rows(
          `${this.#columns} FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (seq, nr)
             JOIN LATERAL (SELECT * FROM parcels WHERE first_seq = wanted.seq OFFSET 0) AS parcels ON true
             ${pickupOfEach} ORDER BY nr`,
          [question.seqs],
        );
      case 'records':
        return this.#connection.run<NamedRow>(
          `SELECT wanted.value, log.*, first_seq FROM unnest($1::bigint[]) AS wanted (value)
             LEFT JOIN LATERAL (SELECT * FROM log WHERE seq = wanted.value OFFSET 0) AS log ON true
             LEFT JOIN LATERAL (SELECT first_seq FROM parcels WHERE parcels.store = log.store
               AND parcels.order_id = log.order_id OFFSET 0) AS parcels ON true`,
          [question.seqs],
        );
      case 'acknowledged':
        return this.#acknowledged.has(question.seq);
      default:
        return this.#number(question);
    }
  }

  async #number(
    question: ListQuestion & { kind: 'last' | 'storeHead' | 'seqOf' },
  ): Promise<number | undefined> {
    switch (question.kind) {
      case 'last':
        return (await this.#value('SELECT max(first_seq) AS value FROM parcels', [])) ?? 0;
      case 'storeHead': {
        const text = 'SELECT store_seq AS value FROM log WHERE store = $1 ORDER BY store_seq DESC LIMIT 1';
        return (await this.#value(text, [question.store])) ?? 0;
      }
      case 'seqOf':
        return this.#value('SELECT seq AS value FROM log WHERE store = $1 AND store_seq = $2', [
          question.store,
          question.storeSeq,
        ]);
      default:
        return unreachable(question);
    }
  }

  #ofSource(source: Source, order: ListOrder, rest: readonly Value[]): Statement {
    const [sign, way, to] = wayOf(order);
    const { columns, values, where } = indexOf(source);
    const places = values.map((_, i) => `$${i + 1}`);
    const [from, limit] = [`$${values.length + 1}`, `$${values.length + 2}`];
    const conditions = [`(${[...columns, 'first_seq']}) ${sign} (${[...places, from]})`, ...where];
    if (columns.length > 0) conditions.push(`(${columns}) ${to} (${places})`);
    return {
      text: `${this.#columns} FROM ${withPickup} WHERE ${conditions.join(' AND ')}
        ORDER BY ${[...columns, 'first_seq'].map((column) => `${column} ${way}`)} LIMIT ${limit}`,
      values: [...values, ...rest],
    };
  }

  async #rows(text: string, values: readonly Value[]): Promise<ListRow[]> {
    return this.#noted(await this.#connection.run<AcknowledgedRow>(text, values));
  }

  #noted(rows: AcknowledgedRow[]): ListRow[] {
    for (const { acknowledged, first_seq } of rows) if (acknowledged) this.#acknowledged.add(first_seq);
    return rows;
  }

  async #value(text: string, values: readonly Value[]): Promise<number | undefined> {
    const [row] = await this.#connection.run<{ value: number | null }>(text, values);
    return row?.value ?? undefined;
  }
}

/** A part of an index, which has the rows in list order. */
interface IndexPart {
  /** Before `first_seq`, with their values in this part. */
  readonly columns: readonly string[];
  readonly values: readonly string[];
  /** In the words of a partial index. */
  readonly where: readonly string[];
}

/**
 * The columns are compared as a row, and ordered by, because that leaves the planner this one index: with an equation it
 * may walk through all parcels in the order of their seqs until it has met enough of a shop's.
 */
function indexOf(source: Source): IndexPart {
  switch (source.kind) {
    case 'status':
      return { columns: ['status'], values: [source.status], where: [`status <> 'delivered'`] };
    case 'holder':
      return { columns: ['holder'], values: [source.holder], where: ['holder IS NOT NULL'] };
    case 'hand':
      return {
        columns: ['holder', 'status'],
        values: [source.holder, source.status],
        where: ['holder IS NOT NULL', 'finished = 0'],
      };
    case 'open':
      return { columns: ['parcels.store'], values: [source.store], where: ['finished = 0'] };
    case 'all':
      return { columns: [], values: [], where: [] };
    default:
      return unreachable(source);
  }
}

function wayOf(order: ListOrder): readonly [sign: string, way: string, end: string] {
  return order === 'newest' ? ['<', 'DESC', '>='] : ['>', 'ASC', '<='];
}
