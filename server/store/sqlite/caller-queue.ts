/** Requests that wait for something that takes one at a time: whoever waits takes turns, however much each asks for. */

import { CapsError } from '../../../protocol/errors.ts';

/** Of one caller, and of all. */
const callerMax = 200;
const waitingMax = 2_000;

export class CallerQueue<T> {
  /** The next caller first. */
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
