/** Who reads the log, and what that means for how it is read. */

import { type Actor, authorOf } from '../../protocol/parcel.ts';
import { type View, viewOf } from '../access/access.ts';
import type { Scope, Seeing } from '../store/store.ts';

export interface LogReader {
  readonly scope: Scope;
  readonly sees: View['sees'];
  /** Sees only a part of the scope, which is the driver's. */
  readonly isSparse: boolean;
  readonly driver: string | undefined;
  /** What the index is asked for; undefined: it is of no use. */
  readonly seenBy: Seeing | 'all' | undefined;
  readonly caller: string;
}

export function readerOf(actor: Actor): LogReader {
  const { scope, sees } = viewOf(actor);
  const { role, id } = authorOf(actor);
  const driver = actor.role === 'driver' ? actor.driver : undefined;
  const part =
    actor.role === 'vendor' ? { store: actor.store } : driver === undefined ? undefined : { driver };
  // Half of a surrogate pair would be asked for as another character.
  const isSound = id.isWellFormed();
  const seenBy = actor.role === 'admin' ? 'all' : isSound ? part : undefined;
  return { scope, sees, isSparse: driver !== undefined, driver, seenBy, caller: `${role}:${id}` };
}
