/** What was found damaged in a store's file, by name: told once each, however often it is met. */

import type { Damage } from '../store.ts';

/** Past it, they are counted. */
const namedMax = 100;
/** Past it, they are not even told apart any more: so much is wrong that the rest makes no difference. */
const knownMax = 10_000;

export class Damages implements Damage {
  readonly #known = new Set<string>();
  readonly #listeners: ((name: string) => void)[] = [];

  get count(): number {
    return this.#known.size;
  }

  get names(): readonly string[] {
    return [...this.#known].slice(0, namedMax);
  }

  onFound(tell: (name: string) => void): void {
    this.#listeners.push(tell);
    for (const name of this.names) tell(name);
  }

  found(name: string): void {
    if (this.#known.has(name) || this.#known.size >= knownMax) return;
    this.#known.add(name);
    if (this.#known.size <= namedMax) for (const tell of this.#listeners) tell(name);
  }
}
