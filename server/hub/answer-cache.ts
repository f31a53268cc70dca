import { hash } from 'node:crypto';
import type { Command } from '../../protocol/messages.ts';
import { withoutPin } from '../../protocol/proof-check.ts';
import type { Clock } from '../clock.ts';

/** Longer than a dead connection is kept. */
export const rememberedMs = 60_000;
/** Answers of all senders together; the oldest go first. */
export const knownMax = 10_000;
/** Their size, in characters: a conflict says what an order's texts say now. */
export const knownSizeMax = 4 * 1024 * 1024;

/** What became of exactly this content. */
interface CachedAnswer<T> {
  readonly content: string;
  readonly answer: T;
  readonly size: number;
  readonly cancel: () => void;
}

/**
 * Remembers for a minute what became of commands that left no record: final refusals, and amendments that said nothing
 * new. A copy of such a command may still be on its way, on a connection that its sender has given up. If it were
 * recorded, it would be a step that its sender believes did not happen, or one that undoes what others did since.
 * Copies come over connections to this process, so another process need not know them.
 */
export class AnswerCache<T> {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #known = new Map<string, CachedAnswer<T>>();
  #size = 0;

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  /** What became of this very command. The same id with other content may be decided. */
  of(sender: string, command: Command): T | undefined {
    return answerIn(this.#known, sender, command);
  }

  /** A remembered answer is not prolonged. */
  remember(sender: string, command: Command, answer: T): void {
    if (command.id === undefined) return;
    const name = fullIdOf(sender, command.id);
    const content = contentOf(command);
    if (this.#known.get(name)?.content === content) return;
    this.#forget(name);
    const cancel = this.#clock.after(rememberedMs, () => this.#forget(name));
    const size = name.length + content.length + JSON.stringify(answer).length;
    this.#known.set(name, { content, answer, size, cancel });
    this.#size += size;
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= knownMax && this.#size <= knownSizeMax) break;
      this.#forget(oldest);
    }
  }

  close(): void {
    for (const name of [...this.#known.keys()]) this.#forget(name);
  }

  #forget(name: string): void {
    const known = this.#known.get(name);
    if (!known) return;
    known.cancel();
    this.#size -= known.size;
    this.#known.delete(name);
  }
}

export function answerIn<T>(
  known: ReadonlyMap<string, { readonly content: string; readonly answer: T }>,
  sender: string,
  command: Command,
): T | undefined {
  if (command.id === undefined || known.size === 0) return undefined;
  const found = known.get(fullIdOf(sender, command.id));
  return found && found.content === contentOf(command) ? found.answer : undefined;
}

export function fullIdOf(sender: string, id: string): string {
  return `${sender}\n${id}`;
}

/** A short hash, however long the command. The device's clock does not count. */
export function contentOf({ event, payload, details }: Command): string {
  const said = event === 'proof' ? withoutPin(details) : details;
  return hash('sha256', JSON.stringify([event, payload, said]), 'base64');
}
