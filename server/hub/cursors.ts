/**
 * Binds cursors to their readers. Each scope counts its own seqs, so a foreign cursor would look valid and silently
 * skip records. A cursor's epoch is therefore different in each scope: the log's own for readers of the whole log,
 * else the log's with a tag made from the scope. Each list of a scope has an epoch of its own, too.
 */

import { createHmac, hkdfSync } from 'node:crypto';
import { CapsError, unreachable } from '../../protocol/errors.ts';
import { cursorOf, readCursor } from '../../protocol/ids.ts';
import type { Actor } from '../../protocol/parcel.ts';
import type { Store } from '../store/store.ts';
import type { AllEventsQuery, EventsQuery } from './history.ts';
import type { Reads } from './reads.ts';

/** Characters of a tag: enough that no two scopes of a hub share one. Forging one gains nothing. */
const tagLength = 8;

/** Lists have seqs of their own: the orders of one store count in the store's seqs, whoever reads them. */
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

  /** The epoch of the actor's cursors. */
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
   * Where a subscription resumes.
   * @param head last seq of the actor's scope
   * @returns undefined for a cursor of another log, another reader or the future
   */
  placeOf(actor: Actor, after: string | 0, head: number): number | undefined {
    if (after === 0 || after === '0') return 0;
    const seq = this.#seqIn(actor, after);
    return seq !== undefined && seq <= head ? seq : undefined;
  }

  /** The seq in one of the actor's cursors; undefined for any other text. */
  #seqIn(actor: Actor, cursor: string): number | undefined {
    const read = readCursor(cursor);
    return read?.epoch === this.epochOf(actor) ? read.seq : undefined;
  }

  /** Turns a reader's cursor into the log's own. Accepts a bare seq as it is. @throws CapsError bad-cursor */
  inward(actor: Actor, field: 'after' | 'before', given: string | undefined): string | undefined {
    if (given === undefined || isPlace(given)) return given;
    const seq = this.#seqIn(actor, given);
    if (seq === undefined) throw new CapsError('bad-cursor', undefined, { details: { field } });
    return cursorOf(this.#epoch, seq);
  }

  /** Reads the cursor of a list. Accepts a bare seq as it is. @throws CapsError bad-cursor */
  placeIn(actor: Actor, list: List, field: 'cursor' | 'from', given: string | undefined): string | undefined {
    if (given === undefined || isPlace(given)) return given;
    const read = readCursor(given);
    if (read?.epoch === this.#epochOfList(actor, list)) return String(read.seq);
    throw new CapsError('bad-cursor', undefined, { details: { field } });
  }

  /** The reader's cursor for a place in a list. */
  ofPlace(actor: Actor, list: List, place: string): string {
    return cursorOf(this.#epochOfList(actor, list), Number(place));
  }

  /** Turns a cursor of the log into the reader's own. */
  outward(actor: Actor, cursor: string): string {
    return cursorOf(this.epochOf(actor), readCursor(cursor)?.seq ?? 0);
  }
}

function isPlace(given: string): boolean {
  return /^\d{1,15}$/.test(given);
}

/** Undefined for readers of the whole log. Ids contain no line break. */
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

/** Wraps reads so that they take and return the readers' own cursors. */
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
    pinOf: (customer) => reads.pinOf(customer),
    trackingToken: (actor, key) => reads.trackingToken(actor, key),
    customerOf: (token) => reads.customerOf(token),
  };
}
