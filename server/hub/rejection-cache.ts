import { hash } from 'node:crypto';
import type { CapsError } from '../../protocol/errors.ts';
import type { Command } from '../../protocol/messages.ts';
import type { Clock } from '../clock.ts';

/** Longer than a connection is kept whose other end is gone. */
export const rememberedMs = 60_000;
/** Of all senders together; past it those of longest ago are forgotten sooner. */
export const knownMax = 10_000;

/** By the name of its command; the command said just this. */
export interface Refusal {
  readonly content: string;
  readonly error: CapsError;
}

interface Known extends Refusal {
  readonly cancel: () => void;
}

/**
 * What was refused for good, remembered for a minute. A copy of such a command may still be on its way, on a connection
 * that its sender has given up: recorded after all, it would be a step that its sender was told had not happened.
 * Copies come over connections to this process, and so need not be known to the next.
 */
export class Refusals {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #known = new Map<string, Known>();

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  /** The refusal of this very command. One that says something else is another, and may be decided. */
  of(sender: string, command: Command): CapsError | undefined {
    return refusalIn(this.#known, sender, command);
  }

  /** What may be tried again is not for good, and is passed over; what is remembered already gets no more time. */
  remember(sender: string, command: Command, error: CapsError): void {
    if (command.id === undefined || error.retryable) return;
    const name = nameOf(sender, command.id);
    const content = contentOf(command);
    if (this.#known.get(name)?.content === content) return;
    this.#forget(name);
    const cancel = this.#clock.after(rememberedMs, () => this.#known.delete(name));
    this.#known.set(name, { content, error, cancel });
    const [oldest] = this.#known.keys();
    if (this.#known.size > knownMax && oldest !== undefined) this.#forget(oldest);
  }

  close(): void {
    for (const name of [...this.#known.keys()]) this.#forget(name);
  }

  #forget(name: string): void {
    this.#known.get(name)?.cancel();
    this.#known.delete(name);
  }
}

export function refusalIn(
  known: ReadonlyMap<string, Refusal>,
  sender: string,
  command: Command,
): CapsError | undefined {
  if (command.id === undefined) return undefined;
  const refusal = known.get(nameOf(sender, command.id));
  return refusal && refusal.content === contentOf(command) ? refusal.error : undefined;
}

export function nameOf(sender: string, id: string): string {
  return `${sender}\n${id}`;
}

/** Short, however much the command says. The device's clock does not count. */
export function contentOf({ event, payload, details }: Command): string {
  return hash('sha256', JSON.stringify([event, payload, details]), 'base64');
}
