/** What the history checker counts. */

export const faults = [
  /** Answered with ok but not in the log; or in the log but never heard by someone who should have. */
  'lost',
  /** In the log or heard, though nobody sent it or it was refused. */
  'phantom',
  /** One command or step recorded twice, or one record told twice to one client. */
  'duplicate',
  /** Answered or told under one seq, in the log under another or with other content. */
  'moved',
  /** Two readers were told different things, or a parcel's row is not the fold of its records. */
  'diverged',
  /** Told in another order than the log's, or recorded before something that had been acked earlier. */
  'reordered',
  /** A seq that the log or a reader's stretch of it skips. */
  'hole',
  /** A parcel taken while somebody else held it. */
  'doubleClaim',
  /** A step recorded though the parcel's status or holder did not allow it. */
  'staleWrite',
  /** Something told to someone outside its scope. */
  'leak',
  /** A command without an answer at the end. */
  'unfinished',
] as const;
export type Fault = (typeof faults)[number];

export interface Finding {
  readonly count: number;
  /** The first one, in words. */
  readonly example?: string;
}
export type Verdict = Readonly<Record<Fault, Finding>>;

/** The verdict's faults in words, one per line; empty if there are none. */
export function inWords(verdict: Verdict): string {
  return faults
    .filter((fault) => verdict[fault].count > 0)
    .map((fault) => `${fault}: ${verdict[fault].count}, e.g. ${verdict[fault].example ?? ''}`)
    .join('\n');
}

/** Collects what is found wrong. */
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
