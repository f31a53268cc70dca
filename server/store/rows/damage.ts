/** Damage found in a store's file, each reported once. */

import type { Damage } from '../store.ts';

/** Names this many; counts the rest. */
const namedMax = 100;
/** Tells this many apart: beyond it, more makes no difference. */
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
