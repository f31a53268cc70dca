/** Where a moment lies in the log. Time never runs backwards within a log, so it can be looked up by halving. */

import type { Row, Scope, Store } from './store/store.ts';

/**
 * How many of the scope's records are older than this moment: the place just before the first that is not.
 * @param moment milliseconds since 1970
 */
export async function placeBefore(store: Store, scope: Scope, moment: number): Promise<number> {
  // All up to `low` are older, none after `high` is.
  let low = 0;
  let high = await store.headOf(scope);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const { rows } = await store.read(scope, { after: middle - 1, limit: 1 });
    if (rows[0] && timeOf(rows[0]) < moment) low = middle;
    else high = middle - 1;
  }
  return low;
}

function timeOf({ text }: Row): number {
  return Date.parse((JSON.parse(`{${text}`) as { time: string }).time);
}
