import { hash } from 'node:crypto';
import type { CapsError } from '../../protocol/errors.ts';
import type { Command } from '../../protocol/messages.ts';
import type { Clock } from '../clock.ts';

/** Longer than a dead connection is kept. */
export const rememberedMs = 60_000;
/** Rejections of all senders together; the oldest go first. */
export const knownMax = 10_000;

/** A final refusal of exactly this content. */
export interface Rejection {
  readonly content: string;
  readonly error: CapsError;
}

interface CachedRejection extends Rejection {
  readonly cancel: () => void;
}

/**
 * Remembers final refusals for a minute. A copy of a refused command may still be on its way, on a connection that
 * its sender has given up. If it were recorded, it would be a step that its sender believes did not happen. Copies
 * come over connections to this process, so another process need not know them.
 */
export class RejectionCache {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #known = new Map<string, CachedRejection>();

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  /** The refusal of this very command. The same id with other content may be decided. */
  of(sender: string, command: Command): CapsError | undefined {
    return rejectionIn(this.#known, sender, command);
  }

  /** Ignores retryable errors. A remembered refusal is not prolonged. */
  remember(sender: string, command: Command, error: CapsError): void {
    if (command.id === undefined || error.retryable) return;
    const name = fullIdOf(sender, command.id);
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

export function rejectionIn(
  known: ReadonlyMap<string, Rejection>,
  sender: string,
  command: Command,
): CapsError | undefined {
  if (command.id === undefined || known.size === 0) return undefined;
  const refusal = known.get(fullIdOf(sender, command.id));
  return refusal && refusal.content === contentOf(command) ? refusal.error : undefined;
}

export function fullIdOf(sender: string, id: string): string {
  return `${sender}\n${id}`;
}

/** A short hash, however long the command. The device's clock does not count. */
export function contentOf({ event, payload, details }: Command): string {
  return hash('sha256', JSON.stringify([event, payload, details]), 'base64');
}
