/** How an actor reads the log. */

import { type Actor, authorOf } from '../../protocol/parcel.ts';
import { type View, viewOf } from '../access/access.ts';
import type { IndexScope } from '../store/search-index.ts';
import type { Scope } from '../store/store.ts';

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
