/** Queue for something that handles one request at a time. Callers take turns, however many requests each has. */

import { CapsError } from '../../../protocol/errors.ts';

/** Maximum per caller, and in total. */
const callerMax = 200;
const waitingMax = 2_000;

export class CallerQueue<T> {
  /** Ordered by turn. */
  readonly #waiting = new Map<string, T[]>();
  #count = 0;

  /** @throws CapsError busy */
  push(caller: string, one: T): void {
    const own = this.#waiting.get(caller) ?? [];
    if (own.length >= callerMax || this.#count >= waitingMax) {
      throw new CapsError('busy', 'Too many searches wait; try again in a moment.');
    }
    own.push(one);
    this.#count += 1;
    this.#waiting.set(caller, own);
  }

  next(): T | undefined {
    for (const [caller, [one, ...rest]] of this.#waiting) {
      this.#waiting.delete(caller);
      if (rest.length > 0) this.#waiting.set(caller, rest);
      this.#count -= 1;
      return one;
    }
    return undefined;
  }
}
