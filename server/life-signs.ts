/**
 * When drivers last gave a sign of life, on any door. Time is counted in rounds, which the wall clock has no say in:
 * set forward, or after a night in which the machine slept, it would make everyone silent at once.
 */

/** Drivers without a connection whose last sign is remembered. */
const driversMax = 10_000;

export class LifeSigns {
  readonly #driversMax: number;
  /** How many connections each has. */
  readonly #here = new Map<string, number>();
  /** The round of the last sign, those of longest ago first. */
  readonly #last = new Map<string, number>();
  /** Whoever is not remembered was last seen then: at the start, or with the latest of those forgotten. */
  #others = 0;
  #round = 0;

  constructor(max = driversMax) {
    this.#driversMax = max;
  }

  /** @returns its number, from 1 */
  nextRound(): number {
    this.#round += 1;
    return this.#round;
  }

  seen(driver: string): void {
    this.#last.delete(driver);
    this.#last.set(driver, this.#round);
    for (const [oldest, round] of this.#last) {
      if (this.#last.size <= this.#driversMax) break;
      this.#last.delete(oldest);
      this.#others = round;
    }
  }

  /** A connection is a sign of life for as long as it lasts. @returns what to call when it ends; safe to call twice */
  enter(driver: string): () => void {
    this.#here.set(driver, (this.#here.get(driver) ?? 0) + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const others = (this.#here.get(driver) ?? 1) - 1;
      if (others > 0) this.#here.set(driver, others);
      else this.#here.delete(driver);
      this.seen(driver);
    };
  }

  /** The round of the driver's last sign: this one, while there is a connection. */
  lastOf(driver: string): number {
    return this.#here.has(driver) ? this.#round : (this.#last.get(driver) ?? this.#others);
  }
}
