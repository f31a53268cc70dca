/**
 * Whose a cursor is. Each scope counts its own seqs, so another's cursor would be a place like any other, and what lies
 * before it would be left out without a word. So the first half of a cursor, the epoch, is another for each scope: the
 * log's own for who sees all of it, and for the others the log's with a tag that is made from the scope. In lists it is
 * another for each list of each scope.
 */

import { createHmac, hkdfSync } from 'node:crypto';
import { CapsError, unreachable } from '../../protocol/errors.ts';
import { cursorOf, readCursor } from '../../protocol/ids.ts';
import type { Actor } from '../../protocol/parcel.ts';
import type { Store } from '../store/store.ts';
import type { AllEventsQuery, EventsQuery } from './history.ts';
import type { Reads } from './reads.ts';

/** Characters of a tag: that two of a hub's scopes have the same is out of the question, and nobody gains by forging one. */
const tagLength = 8;

/** Lists count otherwise than the log: the orders of one store in the store's own seqs, whoever reads them. */
export type List =
  | { readonly kind: 'offers' }
  | { readonly kind: 'orders'; readonly store: string | undefined };

export class Cursors {
  readonly #epoch: string;
  readonly #key: Uint8Array;

  constructor({ epoch, secret }: Pick<Store, 'epoch' | 'secret'>) {
    this.#epoch = epoch;
    this.#key = new Uint8Array(hkdfSync('sha256', secret, '', 'caps cursor', 32));
  }

  /** The first half of the actor's cursors. */
  epochOf(actor: Actor): string {
    const scope = scopeOf(actor);
    return scope === undefined ? this.#epoch : this.#tagged(scope);
  }

  #tagged(whose: string): string {
    const tag = createHmac('sha256', this.#key).update(`${this.#epoch}\n${whose}`).digest('hex');
    return `${this.#epoch}-${tag.slice(0, tagLength)}`;
  }

  #epochOfList(actor: Actor, list: List): string {
    const of = list.kind === 'orders' && list.store !== undefined ? `store\n${list.store}` : 'all';
    return this.#tagged(`${list.kind}\n${of}\n${scopeOf(actor) ?? ''}`);
  }

  /**
   * Where a subscription goes on.
   * @param head of the actor's scope @returns undefined for a cursor of another log, another reader or the future, or none
   */
  placeOf(actor: Actor, after: string | 0, head: number): number | undefined {
    if (after === 0 || after === '0') return 0;
    const seq = this.#seqIn(actor, after);
    return seq !== undefined && seq <= head ? seq : undefined;
  }

  /** The place in a cursor of this actor's; undefined for any other text. */
  #seqIn(actor: Actor, cursor: string): number | undefined {
    const read = readCursor(cursor);
    return read?.epoch === this.epochOf(actor) ? read.seq : undefined;
  }

  /** What a reader gives as a place, as the log's own; a seq without a log is taken at its word. @throws CapsError bad-cursor */
  inward(actor: Actor, field: 'after' | 'before', given: string | undefined): string | undefined {
    if (given === undefined || isPlace(given)) return given;
    const seq = this.#seqIn(actor, given);
    if (seq === undefined) throw new CapsError('bad-cursor', undefined, { details: { field } });
    return cursorOf(this.#epoch, seq);
  }

  /** Where a list goes on, as it was given for this reader's; a place alone is taken at its word. @throws CapsError bad-cursor */
  placeIn(actor: Actor, list: List, field: 'cursor' | 'from', given: string | undefined): string | undefined {
    if (given === undefined || isPlace(given)) return given;
    const read = readCursor(given);
    if (read?.epoch === this.#epochOfList(actor, list)) return String(read.seq);
    throw new CapsError('bad-cursor', undefined, { details: { field } });
  }

  /** A place in a list, as this reader's. */
  ofPlace(actor: Actor, list: List, place: string): string {
    return cursorOf(this.#epochOfList(actor, list), Number(place));
  }

  /** A cursor of the log's, as the reader's own. */
  outward(actor: Actor, cursor: string): string {
    return cursorOf(this.epochOf(actor), readCursor(cursor)?.seq ?? 0);
  }
}

function isPlace(given: string): boolean {
  return /^\d{1,15}$/.test(given);
}

/** Undefined: the whole log, as all admins see it. No id has a line break in it. */
function scopeOf(actor: Actor): string | undefined {
  switch (actor.role) {
    case 'admin':
    case 'hub':
      return undefined;
    case 'vendor':
      return `store\n${actor.store}`;
    case 'driver':
      return `driver\n${actor.driver}`;
    case 'customer':
      return `parcel\n${actor.parcel.store}\n${actor.parcel.orderID}`;
    default:
      return unreachable(actor);
  }
}

/** Reads whose cursors are the readers' own. */
export function readsWithOwnCursors(reads: Reads, cursors: Cursors): Reads {
  const inward = <Q extends EventsQuery | AllEventsQuery>(actor: Actor, query: Q): Q => ({
    ...query,
    after: cursors.inward(actor, 'after', query.after),
    before: cursors.inward(actor, 'before', query.before),
  });
  return {
    async events(actor, query, signal) {
      const { next, prev, ...page } = await reads.events(actor, inward(actor, query), signal);
      return {
        ...page,
        next: cursors.outward(actor, next),
        prev: prev === null ? null : cursors.outward(actor, prev),
      };
    },
    async *allEvents(actor, query, options) {
      yield* reads.allEvents(actor, inward(actor, query), options);
    },
    async parcels(actor, query, signal) {
      const list = { kind: 'orders', store: actor.role === 'vendor' ? actor.store : query.store } as const;
      const from = cursors.placeIn(actor, list, 'cursor', query.from);
      const { asOf, next, ...page } = await reads.parcels(actor, { ...query, from }, signal);
      return {
        ...page,
        next: next === null ? null : cursors.ofPlace(actor, list, next),
        asOf: cursors.outward(actor, asOf),
      };
    },
    life: (actor, key) => reads.life(actor, key),
    parcel: (actor, key) => reads.parcel(actor, key),
    trackingToken: (actor, key) => reads.trackingToken(actor, key),
    customerOf: (token) => reads.customerOf(token),
  };
}
