/**
 * When drivers last gave a sign of life, on any door. Time is counted in rounds, which the wall clock has no say in:
 * set forward, or after a night in which the machine slept, it would make everyone silent at once.
 */

import { parcelName } from '../../protocol/ids.ts';
import type { ParcelId } from '../../protocol/messages.ts';

/** Drivers without a connection whose last sign is remembered, and parcels that somebody else put into a driver's hands. */
const rememberedMax = 10_000;

export class LifeSigns {
  readonly #max: number;
  /** How many connections each has. */
  readonly #here = new Map<string, number>();
  /** The round of the last sign, those of longest ago first. */
  readonly #last = new Map<string, number>();
  /** Whoever is not remembered was last seen then: at the start, or with the latest of those forgotten. */
  #others = 0;
  /** The round in which somebody else gave a parcel to its holder, and the same of those that are not remembered. */
  readonly #given = new Map<string, number>();
  #othersGiven = 0;
  #round = 0;

  constructor(max = rememberedMax) {
    this.#max = max;
  }

  /** @returns its number, from 1 */
  nextRound(): number {
    this.#round += 1;
    return this.#round;
  }

  seen(driver: string): void {
    this.#others = this.#note(this.#last, driver, this.#others);
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

  /** Somebody else has put this parcel into a driver's hands. */
  gave(parcel: ParcelId): void {
    this.#othersGiven = this.#note(this.#given, parcelName(parcel), this.#othersGiven);
  }

  /** The round in which that was done last, or a later one. */
  givenAt(parcel: ParcelId): number {
    return this.#given.get(parcelName(parcel)) ?? this.#othersGiven;
  }

  /** @returns the round that counts for all that is not remembered */
  #note(rounds: Map<string, number>, name: string, others: number): number {
    rounds.delete(name);
    rounds.set(name, this.#round);
    const [oldest] = rounds;
    if (!oldest || rounds.size <= this.#max) return others;
    rounds.delete(oldest[0]);
    return oldest[1];
  }
}
