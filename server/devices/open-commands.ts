/**
 * The commands that one device has not answered. Its answers name no command, so each belongs to the oldest command that
 * it fits.
 */

import type { DeviceAnswer } from '../../protocol/devices.ts';
import type { Clock } from '../clock.ts';

/** A device that answers nothing is sent no more at a time. */
const openMax = 16;
/** A later answer belongs to a later command. */
const answerWithinMs = 60_000;

/** `fine`: how it is. `sure`: it will report. `done`, `sorry`: it did, or could not. */
export type DeviceReply = 'fine' | 'sure' | 'done' | 'sorry';

interface OpenCommand {
  readonly message: string;
  readonly sentMs: number;
  /** Safe to call twice. */
  readonly settle: (answer: DeviceAnswer | null) => void;
}

export class OpenCommands {
  readonly #clock: Clock;
  #open: OpenCommand[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isFull(): boolean {
    this.#dropOld();
    return this.#open.length >= openMax;
  }

  /** A command was sent. Resolves with its answer, or null after `waitMs` or at the end of the connection. */
  open(message: string, waitMs: number): Promise<DeviceAnswer | null> {
    const answered = Promise.withResolvers<DeviceAnswer | null>();
    if (waitMs === 0) answered.resolve(null);
    const cancel = waitMs === 0 ? () => {} : this.#clock.after(waitMs, () => answered.resolve(null));
    const settle = (answer: DeviceAnswer | null) => {
      cancel();
      answered.resolve(answer);
    };
    this.#open.push({ message, sentMs: this.#clock.now(), settle });
    return answered.promise;
  }

  answer(reply: DeviceReply, answer: DeviceAnswer): void {
    this.#dropOld();
    const at = this.#open.findIndex(({ message }) => mayAnswer(reply, message));
    const [command] = at < 0 ? [] : this.#open.splice(at, 1);
    command?.settle(answer);
  }

  /** Safe to call twice. */
  close(): void {
    for (const { settle } of this.#open.splice(0)) settle(null);
  }

  #dropOld(): void {
    const now = this.#clock.now();
    this.#open = this.#open.filter(({ sentMs }) => now - sentMs < answerWithinMs);
  }
}

function mayAnswer(reply: DeviceReply, command: string): boolean {
  const isQuestion = command === "HOW'S IT GOING?";
  switch (reply) {
    case 'fine':
      return isQuestion;
    case 'sure':
      return command.startsWith('KEEP ME POSTED');
    case 'done':
      return !isQuestion;
    case 'sorry':
      return true;
  }
}
