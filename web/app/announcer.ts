import type { Readable } from './frame-store.ts';

/** At most one announcement in this time, so that a screen reader is not interrupted all the time. */
const pauseMs = 5_000;

/**
 * Announces sentences to screen readers. During the pause after an announcement, only the latest sentence of each topic
 * is kept; then all of them are announced together.
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

  /** @param sentence is called when the announcement is made. It returns a whole sentence: others may stand beside it */
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
