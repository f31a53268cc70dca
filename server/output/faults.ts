/**
 * Faults of the machine and of the hub, for whoever reads its output: each once when it begins, then only how often,
 * and once when it is over. A full disk must not fill the output with what everybody knows by then.
 */

import type { Clock } from '../clock.ts';

/** How often it is said that a fault goes on; one that has not been seen for so long is over. */
const countedEveryMs = 60_000;
/** Different faults that are told apart; past it only by what they are about. */
const knownMax = 100;
/** Characters of a reason that count, and are said. */
const reasonMax = 300;

/** The part of a logger that is used. */
export interface FaultLog {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

interface Going {
  readonly what: string;
  readonly since: number;
  times: number;
  /** How many of them have been said. */
  said: number;
  cancel: () => void;
}

export class Faults {
  readonly #log: FaultLog;
  readonly #clock: Clock;
  readonly #going = new Map<string, Going>();
  #isClosed = false;

  constructor(log: FaultLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** @param what in a few words; the error says why */
  readonly report = (error: unknown, what: string): void => {
    const words = `${what}: ${reasonIn(error)}`;
    const name = this.#going.has(words) || this.#going.size < knownMax ? words : what;
    const known = this.#going.get(name);
    if (known) {
      known.times += 1;
      return;
    }
    // What the machine refuses says all in its words; what is a bug is looked for in its stack.
    if (isMachines(error)) this.#log.error({}, words);
    else this.#log.error({ err: error }, what);
    if (this.#isClosed) return;
    const going: Going = { what, since: this.#clock.now(), times: 1, said: 1, cancel: () => {} };
    this.#going.set(name, going);
    this.#count(name, going);
  };

  /** What this was about is well again. */
  readonly mended = (what: string): void => {
    for (const [name, going] of this.#going) if (going.what === what) this.#end(name, going, 'is over');
  };

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    for (const { cancel } of this.#going.values()) cancel();
    this.#going.clear();
  }

  #count(name: string, going: Going): void {
    going.cancel = this.#clock.after(countedEveryMs, () => {
      if (going.times === going.said) {
        this.#end(name, going, 'has not been seen for a minute');
        return;
      }
      this.#log.error({ times: going.times - going.said }, `${name}: again, in the last minute`);
      going.said = going.times;
      this.#count(name, going);
    });
  }

  #end(name: string, going: Going, how: string): void {
    going.cancel();
    this.#going.delete(name);
    const seconds = Math.round(Math.max(0, this.#clock.now() - going.since) / 1_000);
    // Of what happened once, all has been said, unless somebody was waiting to hear that it is over.
    if (going.times === 1 && how !== 'is over') return;
    this.#log.warn({ times: going.times, seconds }, `${name}: this ${how}`);
  }
}

/** A file, a disk or a socket that refuses: such errors have a code. */
function isMachines(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

function reasonIn(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return reason.replaceAll('\n', ' ').slice(0, reasonMax);
}
