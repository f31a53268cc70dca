/** The two ways in: what this browser is used for. */

import { followStorage, safeLocalStorage, safeSessionStorage } from './safe-storage.ts';

/** `try`: with sample orders and a driver that delivers by itself. `real`: without any simulator. */
export type Way = 'try' | 'real';
/** Whom the page's address may name. */
export type PageUser = 'store' | 'driver';

const place = 'way';
/** What this tab's address names without meaning real work, e.g. because it was typed on this page. */
const ownPlace = (what: PageUser) => `${what}.own`;

/**
 * The way of a page. Undefined where nobody has said it yet, and the page asks.
 * @param isKeyed whether the hub asks for keys: then work is real, unless the simulator was asked for in this tab
 */
export function wayOf(what: PageUser, isKeyed: boolean): Way | undefined {
  const query = new URLSearchParams(location.search);
  const told = toldWay();
  if (told === 'real') return 'real';
  const own = safeSessionStorage.read(ownPlace(what));
  if (isKeyed) return told === 'try' && own !== undefined ? 'try' : 'real';
  if (query.has('auto')) return 'try';
  // A scanned label names a parcel.
  if (query.has('order')) return 'real';
  const named = query.get(what);
  return named === null || named === own ? told : 'real';
}

/** Tells this browser, and its other tabs. Said here, it counts here, whomever the address names. */
export function tellWay(what: PageUser, way: Way): void {
  safeLocalStorage.write(place, way);
  if (way === 'try') keepWay(what, new URLSearchParams(location.search).get(what) ?? '');
}

/** The page's way stays as it is when its address will name this user. */
export function keepWay(what: PageUser, name: string): void {
  safeSessionStorage.write(ownPlace(what), name);
}

/** Calls back when another tab has told the browser. @returns ends it */
export function followWay(changed: () => void): () => void {
  return followStorage(place, changed);
}

function toldWay(): Way | undefined {
  const told = safeLocalStorage.read(place);
  return told === 'try' || told === 'real' ? told : undefined;
}
