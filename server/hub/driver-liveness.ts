/**
 * Remembers each driver's last sign of life on any door. It counts rounds instead of reading the wall clock: a clock
 * set forward, or a night of sleep, would make everyone silent at once.
 */

import { parcelName } from '../../protocol/ids.ts';
import type { ParcelId } from '../../protocol/orders.ts';

/** Disconnected drivers whose last sign is remembered; also the number of remembered assignments. */
const rememberedMax = 10_000;

export class DriverLiveness {
  readonly #max: number;
  /** Connections per driver. */
  readonly #here = new Map<string, number>();
  /** The round of each driver's last sign, oldest first. */
  readonly #last = new Map<string, number>();
  /** The round assumed for forgotten drivers: the start, or the latest forgotten sign. */
  #others = 0;
  /** The round in which each parcel was assigned, and the round assumed for forgotten ones. */
  readonly #given = new Map<string, number>();
  #othersGiven = 0;
  #round = 0;

  constructor(max = rememberedMax) {
    this.#max = max;
  }

  /** @returns the round's number, from 1 */
  nextRound(): number {
    this.#round += 1;
    return this.#round;
  }

  seen(driver: string): void {
    this.#others = this.#note(this.#last, driver, this.#others);
  }

  /** A connection counts as a sign of life while it lasts. @returns leave, safe to call twice */
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

  /** The round of the driver's last sign; the current round while connected. */
  lastOf(driver: string): number {
    return this.#here.has(driver) ? this.#round : (this.#last.get(driver) ?? this.#others);
  }

  /** Somebody other than the driver has assigned this parcel. */
  assigned(parcel: ParcelId): void {
    this.#othersGiven = this.#note(this.#given, parcelName(parcel), this.#othersGiven);
  }

  /** The round of the last assignment, or a later one. */
  assignedAt(parcel: ParcelId): number {
    return this.#given.get(parcelName(parcel)) ?? this.#othersGiven;
  }

  /** @returns the round assumed for forgotten entries */
  #note(rounds: Map<string, number>, name: string, others: number): number {
    rounds.delete(name);
    rounds.set(name, this.#round);
    const [oldest] = rounds;
    if (!oldest || rounds.size <= this.#max) return others;
    rounds.delete(oldest[0]);
    return oldest[1];
  }
}
