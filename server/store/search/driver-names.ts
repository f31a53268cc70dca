import { joinedNumbers } from '../../../protocol/fold.ts';

/** In characters. */
const namesSizeMax = 1024 * 1024;

/** The names of all drivers in a log, as far as memory allows. */
export class DriverNames {
  readonly #names = new Set<string>();
  #size = 0;

  /**
   * @param name folded
   * @returns whether it is a new one
   */
  add(name: string): boolean {
    if (this.#size > namesSizeMax || this.#names.has(name)) return false;
    this.#names.add(name);
    this.#size += name.length;
    return true;
  }

  /** Whether a search for this word may find parcels by their holder. */
  mayHave(word: string): boolean {
    if (this.#size > namesSizeMax) return true;
    for (const name of this.#names)
      if (name.includes(word) || joinedNumbers(name).includes(word)) return true;
    return false;
  }
}
