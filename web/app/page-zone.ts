import type { Readable } from './frame-store.ts';

/** The time zone of the times that a page shows, if it is not this device's. */
class PageZone implements Readable<string | undefined> {
  readonly #listeners = new Set<() => void>();
  #zone: string | undefined;

  get(): string | undefined {
    return this.#zone;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** @param zone one that this browser knows; undefined for the device's own */
  set(zone: string | undefined): void {
    if (zone === this.#zone) return;
    this.#zone = zone;
    for (const listener of this.#listeners) listener();
  }
}

export const pageZone = new PageZone();
