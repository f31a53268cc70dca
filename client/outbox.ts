import { CapsError, type WireError } from '../protocol/errors.ts';
import { fitsLimits } from '../protocol/json.ts';
import { limits } from '../protocol/limits.ts';
import type { Answer, Command } from '../protocol/messages.ts';
import { HubClock } from './hub-clock.ts';

/** A command without what the client adds itself. */
export type NewCommand = Command extends infer C
  ? C extends Command
    ? Omit<C, 'id'> & { id?: string }
    : never
  : never;

export type NamedCommand = Command & { id: string };

/** A command as it outlives the program that it was given to. */
export interface StoredCommand {
  readonly command: NamedCommand;
  /** When it was given, by the hub's clock as far as this device knows it, in milliseconds since 1970. */
  readonly at: number;
  /** The giver's own words on it, given back with it. */
  readonly about?: string | undefined;
  /** Why the hub did not take it: it is kept to be shown until somebody has seen it, and not sent any more. */
  readonly refusal?: WireError | undefined;
}

/**
 * Where commands are kept for the time after this program. A storage is of one sender at one hub: what it gives
 * back goes out under that name. Several programs of that sender may keep in the same place; each gets its own,
 * and what was left by those that are gone. Its methods neither throw nor reject: where keeping fails, the outbox
 * lives in memory alone.
 */
export interface OutboxStorage {
  /**
   * @param left takes what others have left, oldest first: once before this resolves, and again whenever another
   *   program has gone; never within the call itself, because nobody listens yet
   */
  open(left: (kept: readonly StoredCommand[]) => void): Promise<void>;
  add(kept: StoredCommand): void;
  refuse(id: string, refusal: WireError): void;
  remove(id: string): void;
  /** Keeps what is there. Safe to call twice. */
  close(): void;
}

/** What came out of the storage. */
export interface RestoredCommands {
  readonly waiting: readonly (StoredCommand & { readonly answer: Promise<Answer> })[];
  readonly refused: readonly StoredCommand[];
}

interface PendingCommand extends StoredCommand {
  /** At most this many bytes of JSON. */
  readonly bytesMax: number;
  readonly settle: (answer: Answer) => void;
  readonly isKept: boolean;
  /** Given while the hub was out of reach: its moment is not that of its record. */
  readonly isLate: boolean;
  wasSent: boolean;
}

/** A command that was on its way for so long says when it was given. */
const lateMs = 2_000;
const momentBytes = 48;

/**
 * Commands on their way, in the order they were given. A command leaves only with the hub's final answer:
 * until then it is sent again after every break, and its id makes that harmless.
 */
export class Outbox {
  readonly #storage: OutboxStorage | undefined;
  readonly #clock: HubClock;
  readonly #waiting: PendingCommand[] = [];
  #isOpen: boolean;

  /** @param storage where it has one, nothing goes out before that is open, so that the order holds */
  constructor(storage?: OutboxStorage, clock: HubClock = new HubClock()) {
    this.#storage = storage;
    this.#clock = clock;
    this.#isOpen = storage === undefined;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Whether there is something to send now. */
  get isReady(): boolean {
    return this.#isOpen && this.#waiting.length > 0;
  }

  /** Resolves when what was left by earlier programs waits in front of everything else. */
  async open(told: (left: RestoredCommands) => void): Promise<void> {
    await this.#storage?.open((kept) => told(this.#take(kept)));
    this.#isOpen = true;
  }

  /** @param how `keep`: where there is a storage. `isLate`: the hub is out of reach */
  add(
    command: NamedCommand,
    how: { keep?: boolean; isLate?: boolean; about?: string | undefined } = {},
  ): Promise<Answer> {
    const { keep = false, isLate = false, about } = how;
    const isKept = keep && this.#storage !== undefined;
    const kept: StoredCommand = { command, at: this.#clock.now(), about };
    if (isKept) this.#storage?.add(kept);
    return new Promise((settle) => {
      this.#waiting.push(pendingOf(kept, { settle, isKept, isLate }));
    });
  }

  /** The oldest commands that fit in one message. */
  next(countMax: number, bytesMax: number): Command[] {
    const batch: Command[] = [];
    let bytes = 0;
    for (const one of this.#waiting) {
      bytes += one.bytesMax;
      if (batch.length > 0 && (batch.length >= countMax || bytes > bytesMax)) break;
      one.wasSent = true;
      batch.push(withMoment(one, this.#clock.now()));
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
      const one = this.#waiting.shift();
      if (one?.isKept) {
        if (answer.ok) this.#storage?.remove(one.command.id);
        else this.#storage?.refuse(one.command.id, answer.error);
      }
      one?.settle(answer);
    }
    return true;
  }

  /** Takes back a command that was never sent; its answer will not come. @returns whether it could be */
  withdraw(id: string): boolean {
    const place = this.#waiting.findIndex(({ command, wasSent }) => command.id === id && !wasSent);
    if (place < 0) return false;
    const [one] = this.#waiting.splice(place, 1);
    if (one?.isKept) this.#storage?.remove(id);
    return true;
  }

  /** Forgets a refusal that somebody has seen. */
  dismiss(id: string): void {
    this.#storage?.remove(id);
  }

  /** Answers everything that still waits; used when the client closes. What is kept stays kept. */
  abandon(answer: Answer): void {
    for (const { settle } of this.#waiting.splice(0)) settle(answer);
    this.#storage?.close();
  }

  /**
   * The hub does not admit this client any more. What was never sent is refused with the hub's word; the rest may be
   * recorded, or will be: whatever is kept is sent by the next program of this sender.
   */
  giveUp(refusal: WireError): void {
    for (const { settle, wasSent, isKept } of this.#waiting.splice(0)) {
      settle({ ok: false, error: wasSent || isKept ? openEnd(refusal, isKept) : refusal });
    }
  }

  /** What others left comes first while nothing was sent; later it has to stand behind what is on its way. */
  #take(kept: readonly StoredCommand[]): RestoredCommands {
    const known = new Set(this.#waiting.map(({ command }) => command.id));
    const taken: PendingCommand[] = [];
    const waiting = kept
      .filter(({ command, refusal }) => refusal === undefined && !known.has(command.id))
      .map((one) => {
        const answer = new Promise<Answer>((settle) => {
          taken.push(pendingOf(one, { settle, isKept: true, isLate: true }));
        });
        return { ...one, answer };
      });
    this.#waiting.splice(this.#isOpen ? this.#waiting.length : 0, 0, ...taken);
    return { waiting, refused: kept.filter(({ refusal }) => refusal !== undefined) };
  }
}

function pendingOf(
  kept: StoredCommand,
  more: Pick<PendingCommand, 'settle' | 'isKept' | 'isLate'>,
): PendingCommand {
  const bytesMax = 3 * JSON.stringify(kept.command).length + momentBytes;
  return { ...kept, ...more, bytesMax, wasSent: false };
}

function openEnd({ message }: WireError, isKept: boolean): WireError {
  const outcome = isKept
    ? 'It is kept, and sent when the hub admits you again.'
    : 'It is not known whether this was recorded.';
  return { code: 'unavailable', message: `${message} ${outcome}`, retryable: true };
}

function withMoment({ command, at, isLate }: PendingCommand, now: number): Command {
  if (command.occurredAt !== undefined || (!isLate && now - at < lateMs)) return command;
  return { ...command, occurredAt: new Date(at).toISOString() };
}

/** To whatever waits when its client is closed. */
export const closedAnswer: Answer = {
  ok: false,
  error: { code: 'unavailable', message: 'This client was closed.', retryable: true },
};

/** The hub ends the connection of who sends it far too much: such a command would come again and again. */
export function refusalOf(command: Command): Answer | undefined {
  try {
    fitsLimits(command, limits.commandBytes);
    return undefined;
  } catch (error) {
    if (!(error instanceof CapsError)) throw error;
    return error.toAnswer();
  }
}
