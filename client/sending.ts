import { limits } from '../protocol/limits.ts';
import type { Answer, Command } from '../protocol/messages.ts';
import type { Outbox } from './outbox.ts';

interface SendingParts {
  readonly outbox: Outbox;
  readonly isUp: () => boolean;
  /** Undefined if the connection ended before the answers came. */
  readonly send: (batch: Command[]) => Promise<Answer[] | undefined>;
  /** Some were answered. */
  readonly settled: () => void;
}

/** Wait before sending again what the hub refused as `busy` and the like. */
const refusedPauseMs = 200;

/** Empties an outbox: one message is on its way at a time, so that a refused one cannot be overtaken. */
export class Sending {
  readonly #parts: SendingParts;
  #isSending = false;
  #isSoon = false;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: SendingParts) {
    this.#parts = parts;
  }

  /** Commands given in the same turn go out in the same message. */
  flushInABit(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    queueMicrotask(() => {
      this.#isSoon = false;
      void this.flush();
    });
  }

  async flush(): Promise<void> {
    if (this.#isSending || this.#pause !== undefined) return;
    this.#isSending = true;
    await this.#sendAll().finally(() => {
      this.#isSending = false;
    });
  }

  /** Safe to call twice. */
  close(): void {
    clearTimeout(this.#pause);
  }

  async #sendAll(): Promise<void> {
    const { outbox, isUp, send, settled } = this.#parts;
    while (outbox.isReady && isUp()) {
      const answers = await send(outbox.next(limits.batch, limits.frameBytes / 2));
      if (!answers) return;
      const isDone = outbox.settle(answers);
      settled();
      if (!isDone) {
        this.#pause = setTimeout(() => {
          this.#pause = undefined;
          void this.flush();
        }, refusedPauseMs);
        return;
      }
    }
  }
}
