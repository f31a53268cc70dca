import { safeLocalStorage } from '../../app/safe-storage.ts';

/** The first order of a shop is the next number. */
const before = 1_000;
/** Longer ones are dates, or numbers of another system, which nobody says on the phone. */
const numberPattern = /^[1-9]\d{3,5}$/;
/** From then on the step doubles: this browser knows too little of the shop. */
const singleSteps = 4;

/**
 * Makes the ids of a shop's new orders, so that people can say them: 1001, 1002, … Each is larger than all numbers that
 * the page knows and than those that this browser gave out. The hub refuses one that somebody else took meanwhile.
 */
export class OrderNumbers {
  readonly #name: string;
  readonly #ids: () => readonly string[];
  #latest = before;

  /** @param ids gives the ids of the known orders */
  constructor(store: string, ids: () => readonly string[]) {
    this.#name = `number.store.${store}`;
    this.#ids = ids;
  }

  /** @param taken how many numbers of this order were taken already */
  next(taken = 0): string {
    // Other tabs of this browser write it, too.
    const given = Number(safeLocalStorage.read(this.#name));
    let latest = Math.max(this.#latest, Number.isSafeInteger(given) ? given : 0);
    for (const id of this.#ids()) if (numberPattern.test(id)) latest = Math.max(latest, Number(id));
    this.#latest = latest + 2 ** Math.max(0, taken - singleSteps);
    safeLocalStorage.write(this.#name, String(this.#latest));
    return String(this.#latest);
  }
}
