/** Faults that the history checker counts. */

export const faults = [
  /** Accepted but not in the log, or in the log but not heard by somebody who should have. */
  'lost',
  /** In the log or heard, although nobody sent it or it was refused. */
  'phantom',
  /** One command or step recorded twice, or one record sent twice to one client. */
  'duplicate',
  /** Accepted or sent under one seq, but in the log under another or with other content. */
  'moved',
  /** Two readers got different records, or a parcel's row is not the fold of its records. */
  'diverged',
  /** Sent in another order than the log's, or recorded before something acknowledged earlier. */
  'reordered',
  /** A seq missing in the log or in a reader's range. */
  'hole',
  /** A parcel taken while somebody else held it. */
  'doubleClaim',
  /** A step recorded although the parcel's status or holder did not allow it. */
  'staleWrite',
  /** Something sent outside its reader's scope. */
  'leak',
  /** A command without an answer at the end. */
  'unfinished',
] as const;
export type Fault = (typeof faults)[number];

export interface Finding {
  readonly count: number;
  /** A description of the first one. */
  readonly example?: string;
}
export type Verdict = Readonly<Record<Fault, Finding>>;

/** One line per fault; empty if there are none. */
export function inWords(verdict: Verdict): string {
  return faults
    .filter((fault) => verdict[fault].count > 0)
    .map((fault) => `${fault}: ${verdict[fault].count}, e.g. ${verdict[fault].example ?? ''}`)
    .join('\n');
}

/** Collects findings. */
export class Findings {
  readonly #found = new Map<Fault, { count: number; example: string }>();

  add(fault: Fault, example: string): void {
    const known = this.#found.get(fault);
    if (known) known.count += 1;
    else this.#found.set(fault, { count: 1, example });
  }

  verdict(): Verdict {
    return Object.fromEntries(
      faults.map((fault) => [fault, this.#found.get(fault) ?? { count: 0 }]),
    ) as Verdict;
  }
}
