/**
 * What a plain client has said and has not been handled. It is handled in its order, and events that follow each other
 * are asked of the hub together: one by one, each would wait for the commit of the one before.
 */

import type { EventName } from '../../../protocol/events.ts';
import { limits } from '../../../protocol/limits.ts';
import { eventNamed } from '../../legacy/dialects.ts';

/** Messages that wait to be handled. */
const waitingMax = 1_000;

export interface Said {
  readonly word: string;
  readonly args: readonly unknown[];
  readonly answer: (answer: unknown) => void;
}

export interface SaidEvent extends Said {
  readonly event: EventName;
}

export interface Handling {
  readonly onEvents: (events: readonly SaidEvent[]) => Promise<void>;
  readonly onOther: (said: Said) => Promise<void>;
  /** It could not be handled. */
  readonly onError: (error: unknown, said: Said) => void;
}

export class PlainInbox {
  readonly #handling: Handling;
  #waiting: Said[] = [];
  #isHandling = false;

  constructor(handling: Handling) {
    this.#handling = handling;
  }

  get isFull(): boolean {
    return this.#waiting.length >= waitingMax;
  }

  push(said: Said): void {
    this.#waiting.push(said);
    if (!this.#isHandling) void this.#handleAll();
  }

  async #handleAll(): Promise<void> {
    this.#isHandling = true;
    // What comes in the same turn belongs to the same lot.
    await Promise.resolve();
    for (let lot = this.#take(); lot.length > 0; lot = this.#take()) await this.#handle(lot);
    this.#isHandling = false;
  }

  /** The oldest: as many events as go together, or one that is none. */
  #take(): Said[] {
    const until = this.#waiting.findIndex(({ word }) => eventNamed(word) === undefined);
    const events = until === -1 ? this.#waiting.length : until;
    return this.#waiting.splice(0, Math.min(Math.max(events, 1), limits.batch));
  }

  async #handle(lot: readonly Said[]): Promise<void> {
    const { onEvents, onOther, onError } = this.#handling;
    const events = lot.flatMap((said) => {
      const event = eventNamed(said.word);
      return event === undefined ? [] : [{ ...said, event }];
    });
    try {
      if (events.length > 0) await onEvents(events);
      else for (const said of lot) await onOther(said);
    } catch (error) {
      for (const said of lot) onError(error, said);
    }
  }
}
