import type { Answer, Command } from '../protocol/messages.ts';

interface Waiting {
  readonly command: Command & { id: string };
  /** At most this many bytes of JSON. */
  readonly bytesMax: number;
  readonly settle: (answer: Answer) => void;
}

/**
 * Commands on their way, in the order they were given. A command leaves only with the hub's final answer:
 * until then it is sent again after every break, and its id makes that harmless.
 */
export class Outbox {
  readonly #waiting: Waiting[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  add(command: Command & { id: string }): Promise<Answer> {
    const bytesMax = 3 * JSON.stringify(command).length;
    return new Promise((settle) => this.#waiting.push({ command, bytesMax, settle }));
  }

  /** The oldest commands that fit in one message. */
  next(countMax: number, bytesMax: number): Command[] {
    const batch: Command[] = [];
    let bytes = 0;
    for (const { command, bytesMax: more } of this.#waiting) {
      bytes += more;
      if (batch.length > 0 && (batch.length >= countMax || bytes > bytesMax)) break;
      batch.push(command);
    }
    return batch;
  }

  /**
   * Takes the answers to the batch that `next` gave. What may be tried again stays, with everything behind it,
   * so that the order holds.
   * @returns whether all of the batch is settled
   */
  settle(answers: readonly Answer[]): boolean {
    for (const answer of answers) {
      if (!answer.ok && answer.error.retryable) return false;
      this.#waiting.shift()?.settle(answer);
    }
    return true;
  }

  /** Answers everything that still waits; used when the client closes. */
  abandon(answer: Answer): void {
    for (const { settle } of this.#waiting.splice(0)) settle(answer);
  }
}
