/** How fast a crew goes: those who keep to it wait for their turns, of which so many come in a second. */

/** Between two handings out of turns. */
const tickMs = 5;
/** What was not used is kept for so long, for a process that was late. */
const keptMs = 200;

/** A bucket of turns that fills steadily. Its owner closes it. */
export class Pace {
  readonly #perMs: number;
  readonly #waiting: (() => void)[] = [];
  readonly #timer: ReturnType<typeof setInterval>;
  #turns = 0;
  #filledAt = performance.now();
  #isClosed = false;

  constructor(perSecond: number) {
    this.#perMs = perSecond / 1_000;
    this.#timer = setInterval(() => this.#fill(), tickMs);
  }

  /** Resolves when it is the caller's turn, in the order of asking. */
  turn(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The turn that the caller was given was of no use to it. */
  giveBack(): void {
    this.#turns += 1;
  }

  /** Nobody has to wait from here on. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const go of this.#waiting.splice(0)) go();
  }

  #fill(): void {
    const now = performance.now();
    const full = this.#perMs * keptMs;
    this.#turns = Math.min(full, this.#turns + (now - this.#filledAt) * this.#perMs);
    this.#filledAt = now;
    const given = this.#waiting.splice(0, Math.floor(this.#turns));
    this.#turns -= given.length;
    for (const go of given) go();
  }
}
