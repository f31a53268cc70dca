/** Searches and long lists: few at once, so that others find a connection, and in turns. */

import { CallerQueue } from '../rows/caller-queue.ts';
import type { Connection, Readers } from './connection.ts';

const atOnce = 2;

export class HeavyReads {
  readonly #readers: Readers;
  readonly #waiting = new CallerQueue<() => void>();
  #running = 0;

  constructor(readers: Readers) {
    this.#readers = readers;
  }

  /** @throws CapsError busy, unavailable */
  async use<T>(caller: string, run: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#running >= atOnce) await new Promise<void>((resolve) => this.#waiting.push(caller, resolve));
    else this.#running += 1;
    try {
      return await this.#readers.use(run);
    } finally {
      const next = this.#waiting.next();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
