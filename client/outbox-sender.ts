import { limits } from '../protocol/limits.ts';
import type { Answer, Command } from '../protocol/messages.ts';
import type { Outbox } from './outbox.ts';

interface OutboxSenderParts {
  readonly outbox: Outbox;
  readonly isUp: () => boolean;
  /** Resolves with undefined if the connection ends before the answers arrive. */
  readonly send: (batch: Command[]) => Promise<Answer[] | undefined>;
  /** Runs after answers arrived. */
  readonly settled: () => void;
}

/** Pause before it resends a retryable refusal, such as `busy`. */
const refusedPauseMs = 200;

/** Sends an outbox one message at a time, so that no command overtakes a refused one. */
export class OutboxSender {
  readonly #parts: OutboxSenderParts;
  #isSending = false;
  #isSoon = false;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: OutboxSenderParts) {
    this.#parts = parts;
  }

  /** Batches the commands of one turn of the event loop. */
  flushSoon(): void {
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
