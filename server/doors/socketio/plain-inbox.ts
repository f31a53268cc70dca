/**
 * Queue of a plain client's messages. They are handled in order, and consecutive events are submitted together: one
 * by one, each would wait for the commit of the one before.
 */

import type { EventName } from '../../../protocol/events.ts';
import { limits } from '../../../protocol/limits.ts';
import { eventNamed } from '../../legacy/dialects.ts';

export interface PlainPacket {
  readonly word: string;
  readonly args: readonly unknown[];
  readonly answer: (answer: unknown) => void;
}

export interface PlainEvent extends PlainPacket {
  readonly event: EventName;
}

export interface PlainInboxOptions {
  /** Called when there is something to handle, and when there is no more. */
  readonly onBusy: (isBusy: boolean) => void;
  readonly onEvents: (events: readonly PlainEvent[]) => Promise<void>;
  readonly onOther: (said: PlainPacket) => Promise<void>;
  /** Called when a message could not be handled. */
  readonly onError: (error: unknown, said: PlainPacket) => void;
}

export class PlainInbox {
  readonly #handling: PlainInboxOptions;
  #waiting: PlainPacket[] = [];
  #isHandling = false;

  constructor(handling: PlainInboxOptions) {
    this.#handling = handling;
  }

  get isBusy(): boolean {
    return this.#isHandling;
  }

  push(said: PlainPacket): void {
    this.#waiting.push(said);
    if (!this.#isHandling) void this.#handleAll();
  }

  async #handleAll(): Promise<void> {
    this.#isHandling = true;
    this.#handling.onBusy(true);
    // Messages of the same turn are handled together.
    await Promise.resolve();
    for (let lot = this.#take(); lot.length > 0; lot = this.#take()) await this.#handle(lot);
    this.#isHandling = false;
    this.#handling.onBusy(false);
  }

  /** Takes the oldest: a run of events, or one other message. */
  #take(): PlainPacket[] {
    const until = this.#waiting.findIndex(({ word }) => eventNamed(word) === undefined);
    const events = until === -1 ? this.#waiting.length : until;
    return this.#waiting.splice(0, Math.min(Math.max(events, 1), limits.batch));
  }

  async #handle(lot: readonly PlainPacket[]): Promise<void> {
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
