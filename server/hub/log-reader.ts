/** How an actor reads the log. */

import { type Actor, authorOf } from '../../protocol/parcel.ts';
import { type View, viewOf } from '../access/access.ts';
import type { Row } from '../store/row.ts';
import type { IndexScope } from '../store/search-index.ts';
import type { Scope, Store } from '../store/store.ts';

export interface LogReader {
  readonly scope: Scope;
  readonly sees: View['sees'];
  /** Sees only the driver's part of the scope. */
  readonly isSparse: boolean;
  readonly driver: string | undefined;
  /** Restricts index searches to this scope; undefined if the index is of no use. */
  readonly seenBy: IndexScope | 'all' | undefined;
  readonly caller: string;
}

export function readerOf(actor: Actor): LogReader {
  const { scope, sees } = viewOf(actor);
  const { role, id } = authorOf(actor);
  const driver = actor.role === 'driver' ? actor.driver : undefined;
  const part =
    actor.role === 'vendor' ? { store: actor.store } : driver === undefined ? undefined : { driver };
  // The index would take half a surrogate pair for another character.
  const isSound = id.isWellFormed();
  const seenBy = actor.role === 'admin' ? 'all' : isSound ? part : undefined;
  return { scope, sees, isSparse: driver !== undefined, driver, seenBy, caller: `${role}:${id}` };
}

/** Records that are read with one question. */
const readAtOnce = 25;

/** Records by their seqs; undefined for a damaged one. */
export async function* rowsAt(
  store: Pick<Store, 'rowsAt'>,
  seqs: readonly number[],
): AsyncGenerator<readonly [number, Row | undefined]> {
  for (let from = 0; from < seqs.length; from += readAtOnce) {
    const some = seqs.slice(from, from + readAtOnce);
    const { rows } = await store.rowsAt(some);
    const found = new Map(rows.map((row) => [row.seq, row]));
    for (const seq of some) yield [seq, found.get(seq)];
  }
}
