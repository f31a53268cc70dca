/** A rate limit for a crew: its members wait for turns, of which there are so many per second. */

/** Interval at which turns are handed out. */
const tickMs = 5;
/** Unused turns are kept for this long, for a process that was late. */
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

  /** Resolves at the caller's turn, in order of request. */
  turn(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Returns an unused turn. */
  giveBack(): void {
    this.#turns += 1;
  }

  /** Ends all waits, now and later. */
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
