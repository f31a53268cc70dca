/** Answers the questions of a list of parcels (`rows/lists.ts`) from PostgreSQL. */

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
import type { Connection, Statement, Value } from './connection.ts';
import { mayContain, parcelColumns, plainWords, withPickup } from './statements.ts';

/** Time per request. */
const sliceMs = 50;

type AcknowledgedRow = ListRow & { readonly acknowledged?: boolean };

/** One page, as far as it gets in a moment. */
export async function readParcels(
  connection: Connection,
  query: ParcelQuery,
  damage: Damages,
): Promise<ParcelPage> {
  const until = performance.now() + sliceMs;
  const budget: Budget = { isSpent: () => query.caller !== undefined && performance.now() >= until };
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

  readonly #words: readonly string[];

  constructor(connection: Connection, { unacknowledged, terms = [] }: ParcelQuery) {
    this.#connection = connection;
    this.#words = plainWords(terms);
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
        return this.#rows(
          `${this.#columns}, own.store_seq AS place FROM log AS own JOIN parcels ON parcels.first_seq = own.seq
           LEFT JOIN log AS pickup ON pickup.seq = parcels.first_seq
           WHERE own.store = $1 AND own.store_seq ${sign} $2 AND own.store_seq ${to} $3
             ${this.#filter(4)} ORDER BY own.store_seq ${way} LIMIT $4`,
          [store, from, end, limit, ...this.#words],
        );
      }
      case 'range': {
        const { statuses, order, from, end, limit } = question;
        const [sign, way, to] = wayOf(order);
        return this.#rows(
          `${this.#columns} FROM ${withPickup} WHERE status = ANY ($1) AND first_seq ${sign} $2
             AND first_seq ${to} $3 ${this.#filter(4)} ORDER BY first_seq ${way} LIMIT $4`,
          [statuses, from, end, limit, ...this.#words],
        );
      }
      case 'pickups':
        return this.#rows(
          `${this.#columns} FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (seq, nr)
             JOIN parcels ON parcels.first_seq = wanted.seq
             LEFT JOIN log AS pickup ON pickup.seq = parcels.first_seq ORDER BY nr`,
          [question.seqs],
        );
      case 'records':
        return this.#connection.run<NamedRow>(
          `SELECT wanted.value, log.*, first_seq FROM unnest($1::bigint[]) AS wanted (value)
             LEFT JOIN log ON log.seq = wanted.value
             LEFT JOIN parcels ON parcels.store = log.store AND parcels.order_id = log.order_id`,
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

  /** Leaves out, in the database, what matches no word of the search. @param used number of the statement's values */
  #filter(used: number): string {
    const conditions = this.#words.map((_, i) => mayContain('(pickup.text || state)', `$${used + 1 + i}`));
    return conditions.map((condition) => ` AND ${condition}`).join('');
  }

  #ofSource(source: Source, order: ListOrder, rest: readonly Value[]): Statement {
    const [sign, way] = wayOf(order);
    const [condition, own] = conditionOf(source);
    const [from, limit] = [`$${own.length + 1}`, `$${own.length + 2}`];
    return {
      text: `${this.#columns} FROM ${withPickup} WHERE ${condition} AND first_seq ${sign} ${from}
        ${this.#filter(own.length + rest.length)} ORDER BY first_seq ${way} LIMIT ${limit}`,
      values: [...own, ...rest, ...this.#words],
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

/** In the words of the partial indexes, so that they are used. */
function conditionOf(source: Source): [condition: string, values: readonly string[]] {
  switch (source.kind) {
    case 'status':
      return [`status = $1 AND status <> 'delivered'`, [source.status]];
    case 'holder':
      return ['holder = $1', [source.holder]];
    case 'hand':
      return ['holder = $1 AND status = $2 AND finished = 0', [source.holder, source.status]];
    case 'open':
      return ['parcels.store = $1 AND finished = 0', [source.store]];
    case 'all':
      return ['true', []];
    default:
      return unreachable(source);
  }
}

function wayOf(order: ListOrder): readonly [sign: string, way: string, end: string] {
  return order === 'newest' ? ['<', 'DESC', '>='] : ['>', 'ASC', '<='];
}
