import { CapsError, type WireError } from '../protocol/errors.ts';
import { fitsLimits } from '../protocol/json.ts';
import { limits } from '../protocol/limits.ts';
import type { Answer, Command } from '../protocol/messages.ts';
import { HubClock } from './hub-clock.ts';

/** A command for which the client makes up a missing id. */
export type NewCommand = Command extends infer C
  ? C extends Command
    ? Omit<C, 'id'> & { id?: string }
    : never
  : never;

export type NamedCommand = Command & { id: string };

/** A command as the storage keeps it. */
export interface StoredCommand {
  readonly command: NamedCommand;
  /** When it was given, by the `HubClock`, in milliseconds since 1970. */
  readonly at: number;
  /** The caller's note on it. */
  readonly about?: string | undefined;
  /** The command whose record this one is about. It waits for the answer, which gives its `details.rev`. */
  readonly after?: string | undefined;
  /** Why the hub refused it. The client sends it no more, and keeps it until somebody has seen that. */
  readonly refusal?: WireError | undefined;
}

/**
 * Keeps commands beyond the life of the program. A storage belongs to one sender at one hub. Several programs of that
 * sender may share it: each gets its own commands, and those of programs that are gone. Its methods neither throw nor
 * reject: if storing fails, the commands are in memory only.
 */
export interface OutboxStorage {
  /**
   * @param left receives the commands of programs that are gone, oldest first: once before this resolves, and again when
   *   another program has gone; never synchronously, because there are no listeners yet
   */
  open(left: (stored: readonly StoredCommand[]) => void): Promise<void>;
  add(stored: StoredCommand): void;
  /** Changes a stored command. Called together with `remove`, both are kept or neither. */
  replace(stored: StoredCommand): void;
  refuse(id: string, refusal: WireError): void;
  remove(id: string): void;
  /** Keeps the stored commands. Safe to call twice. */
  close(): void;
}

/** How a client cares for a command. */
export interface CommandCare {
  /** Also stores it. A refused command stays stored until `dismiss`. */
  readonly keep?: boolean;
  /** A text to store with it. */
  readonly about?: string | undefined;
  /**
   * The id of a command without an answer whose record this one is about: it is sent after that was recorded, with that
   * `rev` in its details, and shares its refusal.
   */
  readonly after?: string | undefined;
}

export interface RestoredCommands {
  readonly waiting: readonly (StoredCommand & { readonly answer: Promise<Answer> })[];
  readonly refused: readonly StoredCommand[];
}

interface PendingCommand extends StoredCommand {
  command: NamedCommand;
  after?: string | undefined;
  /** Upper bound of its JSON. */
  readonly bytesMax: number;
  readonly settle: (answer: Answer) => void;
  readonly isKept: boolean;
  /** Given without a connection, so it carries `occurredAt`. */
  readonly isLate: boolean;
  wasSent: boolean;
}

/** A command that waits longer carries `occurredAt`. */
const lateMs = 2_000;
const occurredAtBytes = 48;

/**
 * Commands without a final answer, in the order given. The client resends them after every break; their ids make that
 * idempotent.
 */
export class Outbox {
  readonly #storage: OutboxStorage | undefined;
  readonly #clock: HubClock;
  readonly #waiting: PendingCommand[] = [];
  #isOpen: boolean;

  /** @param storage nothing is sent before it is open, to keep the order */
  constructor(storage?: OutboxStorage, clock: HubClock = new HubClock()) {
    this.#storage = storage;
    this.#clock = clock;
    this.#isOpen = storage === undefined;
  }

  get size(): number {
    return this.#waiting.length;
  }

  get isReady(): boolean {
    return this.#isOpen && this.#waiting.length > 0;
  }

  /** Resolves when the stored commands of earlier programs are first in the queue. */
  async open(listener: (left: RestoredCommands) => void): Promise<void> {
    await this.#storage?.open((stored) => listener(this.#take(stored)));
    this.#isOpen = true;
  }

  /** @param how `keep`: also stores it, if there is a storage. `isLate`: there is no connection */
  add(command: NamedCommand, how: CommandCare & { isLate?: boolean } = {}): Promise<Answer> {
    const { keep = false, isLate = false, about, after } = how;
    const isKept = keep && this.#storage !== undefined;
    const stored: StoredCommand = { command, at: this.#clock.now(), about, after };
    if (isKept) this.#storage?.add(stored);
    return new Promise((settle) => {
      this.#waiting.push(pendingOf(stored, { settle, isKept, isLate }));
    });
  }

  /** The oldest commands that fit into one message. */
  next(countMax: number, bytesMax: number): Command[] {
    const batch: Command[] = [];
    let bytes = 0;
    for (const one of this.#waiting) {
      bytes += one.bytesMax;
      if (batch.length > 0 && (batch.length >= countMax || bytes > bytesMax)) break;
      if (one.after !== undefined && this.#isWaiting(one.after)) break;
      one.wasSent = true;
      batch.push(withOccurredAt(one, this.#clock.now()));
    }
    return batch;
  }

  /**
   * Takes the answers to the batch that `next` gave. A retryable refusal stays in the queue with every command after it,
   * to keep the order.
   *
   * @returns whether the whole batch is settled
   */
  settle(answers: readonly Answer[]): boolean {
    for (const answer of answers) {
      if (!answer.ok && answer.error.retryable) return false;
      const one = this.#waiting.shift();
      if (!one) continue;
      if (answer.ok) {
        this.#release(one.command.id, answer.rev);
        if (one.isKept) this.#storage?.remove(one.command.id);
        one.settle(answer);
      } else {
        for (const refused of [one, ...this.#takeAfter(one.command.id)]) {
          if (refused.isKept) this.#storage?.refuse(refused.command.id, answer.error);
          refused.settle(answer);
        }
      }
    }
    return true;
  }

  /**
   * Takes back a command that was never sent, with those that come after it; their promises stay pending.
   * @returns false if it was sent already
   */
  withdraw(id: string): boolean {
    const place = this.#waiting.findIndex(({ command, wasSent }) => command.id === id && !wasSent);
    if (place < 0) return false;
    for (const one of [...this.#waiting.splice(place, 1), ...this.#takeAfter(id)])
      if (one.isKept) this.#storage?.remove(one.command.id);
    return true;
  }

  /** Removes a refused command from the storage. */
  dismiss(id: string): void {
    this.#storage?.remove(id);
  }

  /** Answers every waiting command when the client closes. Stored commands stay stored. */
  abandon(answer: Answer): void {
    for (const { settle } of this.#waiting.splice(0)) settle(answer);
    this.#storage?.close();
  }

  /**
   * Answers every waiting command when the hub refuses the client. A command that was never sent gets that refusal. The
   * hub may have recorded the others, and the sender's next program sends the stored ones.
   */
  giveUp(refusal: WireError): void {
    for (const { settle, wasSent, isKept } of this.#waiting.splice(0)) {
      settle({ ok: false, error: wasSent || isKept ? openEnd(refusal, isKept) : refusal });
    }
  }

  #isWaiting(id: string): boolean {
    return this.#waiting.some(({ command }) => command.id === id);
  }

  /** Tells the commands that come after this one which record they are about. */
  #release(id: string, rev: number): void {
    for (const one of this.#waiting) {
      if (one.after !== id) continue;
      one.command = { ...one.command, details: { ...one.command.details, rev } } as NamedCommand;
      one.after = undefined;
      const { command, at, about } = one;
      if (one.isKept) this.#storage?.replace({ command, at, about });
    }
  }

  /** Removes the commands that come after this one. */
  #takeAfter(id: string): readonly PendingCommand[] {
    const found = this.#waiting.filter(({ after }) => after === id);
    for (const one of found) this.#waiting.splice(this.#waiting.indexOf(one), 1);
    return found;
  }

  /** Commands of other programs go first before anything was sent, and last after that. */
  #take(stored: readonly StoredCommand[]): RestoredCommands {
    const known = new Set(this.#waiting.map(({ command }) => command.id));
    const pending: PendingCommand[] = [];
    const waiting = stored
      .filter(({ command, refusal }) => refusal === undefined && !known.has(command.id))
      .map((one) => {
        const answer = new Promise<Answer>((settle) => {
          pending.push(pendingOf(one, { settle, isKept: true, isLate: true }));
        });
        return { ...one, answer };
      });
    this.#waiting.splice(this.#isOpen ? this.#waiting.length : 0, 0, ...pending);
    return { waiting, refused: stored.filter(({ refusal }) => refusal !== undefined) };
  }
}

function pendingOf(
  stored: StoredCommand,
  more: Pick<PendingCommand, 'settle' | 'isKept' | 'isLate'>,
): PendingCommand {
  const bytesMax = 3 * JSON.stringify(stored.command).length + occurredAtBytes;
  return { ...stored, ...more, bytesMax, wasSent: false };
}

function openEnd({ message }: WireError, isKept: boolean): WireError {
  const outcome = isKept
    ? 'It is kept, and sent when the hub admits you again.'
    : 'It is not known whether this was recorded.';
  return { code: 'unavailable', message: `${message} ${outcome}`, retryable: true };
}

function withOccurredAt({ command, at, isLate }: PendingCommand, now: number): Command {
  if (command.occurredAt !== undefined || (!isLate && now - at < lateMs)) return command;
  return { ...command, occurredAt: new Date(at).toISOString() };
}

/** Answer to commands that wait when their client closes. */
export const closedAnswer: Answer = {
  ok: false,
  error: { code: 'unavailable', message: 'This client was closed.', retryable: true },
};

/** Refuses an oversized command here: the hub would end the connection, and the client would resend it for ever. */
export function refusalOf(command: Command): Answer | undefined {
  try {
    fitsLimits(command, limits.commandBytes);
    return undefined;
  } catch (error) {
    if (!(error instanceof CapsError)) throw error;
    return error.toAnswer();
  }
}
