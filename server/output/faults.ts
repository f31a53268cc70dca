/**
 * Reports faults of the machine and of the hub to the operator: once when one begins, then only its count, and once
 * when it is over. So a full disk does not flood the output.
 */

import type { Clock } from '../clock.ts';

/** Interval of the counts; a fault not seen for this long is over. */
const countedEveryMs = 60_000;
/** Distinct faults; past it they are told apart only by their subject. */
const knownMax = 100;
/** Characters of a reason that are compared and printed. */
const reasonMax = 300;

/** The part of a logger that is used here. */
export interface FaultLog {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

interface OngoingFault {
  readonly what: string;
  readonly since: number;
  times: number;
  /** How many of them were reported. */
  said: number;
  cancel: () => void;
}

export class Faults {
  readonly #log: FaultLog;
  readonly #clock: Clock;
  readonly #going = new Map<string, OngoingFault>();
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
    // Machine errors speak for themselves; a bug needs its stack.
    if (isMachines(error)) this.#log.error({}, words);
    else this.#log.error({ err: error }, what);
    if (this.#isClosed) return;
    const going: OngoingFault = { what, since: this.#clock.now(), times: 1, said: 1, cancel: () => {} };
    this.#going.set(name, going);
    this.#count(name, going);
  };

  /** A fault of this kind is over. */
  readonly mended = (what: string): void => {
    for (const [name, going] of this.#going) if (going.what === what) this.#end(name, going, 'is over');
  };

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    for (const { cancel } of this.#going.values()) cancel();
    this.#going.clear();
  }

  #count(name: string, going: OngoingFault): void {
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

  #end(name: string, going: OngoingFault, how: string): void {
    going.cancel();
    this.#going.delete(name);
    const seconds = Math.round(Math.max(0, this.#clock.now() - going.since) / 1_000);
    // A single occurrence has been reported already, unless its end is reported.
    if (going.times === 1 && how !== 'is over') return;
    this.#log.warn({ times: going.times, seconds }, `${name}: this ${how}`);
  }
}

/** Errors of files, disks and sockets have a code. */
function isMachines(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

function reasonIn(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  const { cause } = error instanceof Error ? error : {};
  const reason = cause instanceof Error && cause.message !== '' ? `${said} (${cause.message})` : said;
  return reason.replaceAll('\n', ' ').slice(0, reasonMax);
}
