import type { Readable } from './frame-store.ts';

/** At most one summary in this time, so that a screen reader's user is told and not talked over. */
const pauseMs = 5_000;

/**
 * What is said to those who do not see the page. Of each topic only the latest sentence waits; what waits is said
 * together when the pause is over.
 */
export class Announcer implements Readable<string> {
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Map<string, () => string>();
  #said = '';
  #pause: ReturnType<typeof setTimeout> | undefined;

  get(): string {
    return this.#said;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** @param sentence makes it when its turn has come: a whole one, because it may stand beside others */
  say(topic: string, sentence: () => string): void {
    this.#waiting.set(topic, sentence);
    if (this.#pause === undefined) this.#speak();
  }

  /** Safe to call twice. */
  close(): void {
    clearTimeout(this.#pause);
    this.#listeners.clear();
  }

  #speak(): void {
    this.#pause = undefined;
    if (this.#waiting.size === 0) return;
    this.#said = Array.from(this.#waiting.values(), (sentence) => sentence()).join(' ');
    this.#waiting.clear();
    this.#pause = setTimeout(() => this.#speak(), pauseMs);
    for (const listener of this.#listeners) listener();
  }
}
