import { idProblem } from '../../protocol/characters.ts';
import { limits } from '../../protocol/limits.ts';
import { shared } from '../words/shared.ts';
import { keyOf } from './access-key.ts';
import { safeLocalStorage } from './safe-storage.ts';
import { keepWay } from './way.ts';

/** The store or driver of a page. The browser stores its name, and a link can set it. */
export interface NameSource {
  /** Name of the link's parameter and of the stored value. */
  readonly what: 'store' | 'driver';
  /** Makes a name for the first visit; two machines hardly make the same. */
  make(): string;
}

const goods = ['flowers', 'books', 'bread', 'coffee', 'toys', 'shoes', 'plants', 'cheese', 'tea', 'records'];
const people = ['ana', 'ben', 'chloe', 'dara', 'emil', 'fay', 'gus', 'hana', 'ivo', 'june', 'kai', 'lena'];

export const storeName: NameSource = {
  what: 'store',
  make: () => `1-${between(200, 999)}-${oneOf(goods)}`,
};
export const driverName: NameSource = {
  what: 'driver',
  make: () => `${oneOf(people)}-${between(100, 999)}`,
};

export function startingName({ what, make }: NameSource): string {
  const linked = new URLSearchParams(location.search).get(what)?.trim() ?? '';
  // A key fixes the name.
  const isFree = keyOf(what === 'store' ? 'vendor' : 'driver') === undefined;
  if (isFree && nameProblem(linked) === undefined) {
    safeLocalStorage.write(what, linked);
    return linked;
  }
  const known = safeLocalStorage.read(what);
  if (known !== undefined && nameProblem(known) === undefined) return known;
  const made = make();
  safeLocalStorage.write(what, made);
  return made;
}

/** Stores the name and puts it into the page's address, so that a copied address has it. */
export function changeName({ what }: NameSource, name: string): void {
  safeLocalStorage.write(what, name);
  keepWay(what, name);
  const url = new URL(location.href);
  url.searchParams.set(what, name);
  history.replaceState(null, '', url);
}

/** @returns the error text under the field; undefined if the name is valid */
export function nameProblem(name: string): string | undefined {
  const words = shared().name;
  if (name === '') return words.enter;
  if (name.length > limits.idLength) return shared().tooLong(limits.idLength);
  const problem = idProblem(name);
  return problem && words.badSigns(problem);
}

function between(least: number, most: number): number {
  return least + Math.floor(Math.random() * (most - least + 1));
}

function oneOf(list: readonly string[]): string {
  return list[between(0, list.length - 1)] ?? '';
}
