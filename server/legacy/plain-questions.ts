/**
 * What plain clients ask for again: whole queues. An answer is far larger than its question, so whoever has much to
 * read yet is asked to read it first. Meanwhile questions wait, the same one once, and nothing else waits for them.
 *
 *     ask ──▶ answered ──▶ has little to read: the next is answered at once
 *                     └──▶ has much to read: the next ones wait until it has taken it, and a moment
 */

import { CapsError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';

/** Waiting questions per connection. */
const waitingMax = 20;
/** Pause after a long answer: building one costs the hub tens of milliseconds. */
const restMs = 1_000;

export interface QuestionsOptions {
  readonly clock: Clock;
  /** Whether it has much to read. */
  readonly isBehind: () => boolean;
  /** Resolves when it has read that, or is gone. */
  readonly taken: () => Promise<void>;
  readonly isGone: () => boolean;
  /** Called when a waiting question could not be answered. */
  readonly onError: (error: unknown) => void;
}

export class Questions {
  readonly #options: QuestionsOptions;
  readonly #waiting = new Map<string, () => Promise<void>>();
  #isBusy = false;

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when it is answered or queued.
   * @param question identifies equal questions @throws CapsError too-fast when too many wait
   */
  async ask(question: string, answer: () => Promise<void>): Promise<void> {
    if (this.#options.isGone()) return;
    if (this.#isBusy) {
      if (this.#waiting.size >= waitingMax && !this.#waiting.has(question)) {
        throw new CapsError('too-fast', `At most ${waitingMax} questions wait to be answered.`);
      }
      this.#waiting.set(question, answer);
      return;
    }
    this.#isBusy = true;
    try {
      await answer();
    } finally {
      if (this.#options.isBehind()) void this.#goOn();
      else this.#isBusy = false;
    }
  }

  async #goOn(): Promise<void> {
    const { clock, taken, isGone, onError } = this.#options;
    for (;;) {
      await taken();
      await new Promise<void>((resolve) => clock.after(restMs, resolve));
      const [next] = this.#waiting;
      if (!next || isGone()) break;
      const [question, answer] = next;
      this.#waiting.delete(question);
      await answer().catch(onError);
    }
    this.#waiting.clear();
    this.#isBusy = false;
  }
}
