/** Simulates a driver, for its page and the terminal program. The robot decides what to do and when; its owner sends it. */

import type { Status } from '../protocol/events.ts';
import type { ParcelView } from '../protocol/messages.ts';

/** Timers of a robot. Those of a page keep time in a hidden tab as well. */
export interface RobotTimers {
  /** @returns a function that cancels it */
  after(ms: number, run: () => void): () => void;
  /** @returns a function that cancels it */
  every(ms: number, run: () => void): () => void;
}

/** Most parcels in hand, including those being claimed. */
const inHandMax = 3;
/** Picks at random among the first so many offers, so that drivers seldom compete for the same one. */
const pickFrom = 8;
const touchedMax = 1_000;

const nextSteps = {
  claimed: { event: 'in-transit', afterMs: 1_000 },
  'in-transit': { event: 'delivered', afterMs: 3_000 },
} as const;

export type RobotStep = (typeof nextSteps)[keyof typeof nextSteps];

/** The robot's next step with a parcel. `at`: milliseconds since 1970. */
export interface Plan {
  readonly event: RobotStep['event'];
  readonly at: number;
}

interface ScheduledStep extends Plan {
  /** The parcel's `rev` at that time; a change of it cancels the step. */
  readonly rev: number;
  readonly cancel: () => void;
}

interface DriverRobotParts<Offer> {
  timers: RobotTimers;
  /** Random number from 0 to below 1. */
  chance: () => number;
  claim: (offer: Offer) => void;
  step: (name: string, event: RobotStep['event']) => void;
}

interface ParcelInHand {
  readonly view: Pick<ParcelView, 'status' | 'rev'>;
  /** A step has no answer yet, so the robot waits. */
  readonly isPending: boolean;
}

/** The driver's situation. */
export interface Work<Offer> {
  /** The driver's parcels by `parcelName`. */
  readonly inHand: ReadonlyMap<string, ParcelInHand>;
  readonly claiming: number;
  /** @returns the first offers that pass, at most `most` */
  first(most: number, passes: (name: string) => boolean): readonly Offer[];
  /** @returns whether the robot may claim one more; it asks before each claim. By default it may */
  mayClaim?(): boolean;
}

/**
 * Claims parcels up to its limit, collects each after a second and delivers it three seconds later. Leaves parcels alone
 * that a person has touched.
 */
export class DriverRobot<Offer> {
  readonly #parts: DriverRobotParts<Offer>;
  readonly #touched = new Set<string>();
  readonly #plans = new Map<string, ScheduledStep>();

  constructor(parts: DriverRobotParts<Offer>) {
    this.#parts = parts;
  }

  /** Leaves this parcel to a person from now on. */
  touch(name: string): void {
    this.#touched.delete(name);
    this.#touched.add(name);
    if (this.#touched.size <= touchedMax) return;
    const [oldest] = this.#touched;
    if (oldest !== undefined) this.#touched.delete(oldest);
  }

  plan(name: string): Plan | undefined {
    return this.#plans.get(name);
  }

  /** Claims offers and schedules steps. Call it after every change; it is idempotent. */
  drive({ inHand, claiming, first, mayClaim = () => true }: Work<Offer>): void {
    for (const [name, { rev, cancel }] of this.#plans) {
      const one = inHand.get(name);
      if (one && !one.isPending && !this.#touched.has(name) && one.view.rev === rev) continue;
      cancel();
      this.#plans.delete(name);
    }
    for (const [name, { view, isPending }] of inHand) {
      if (!isPending && !this.#touched.has(name) && !this.#plans.has(name)) this.#plan(name, view);
    }
    const room = Math.max(0, inHandMax - inHand.size - claiming);
    const offers = room === 0 ? [] : first(pickFrom + room - 1, (name) => !this.#touched.has(name));
    for (const offer of choose(offers, room, this.#parts.chance)) {
      if (mayClaim()) this.#parts.claim(offer);
    }
  }

  /** Cancels all scheduled steps. */
  rest(): void {
    for (const { cancel } of this.#plans.values()) cancel();
    this.#plans.clear();
  }

  #plan(name: string, { status, rev }: ParcelInHand['view']): void {
    const next = stepAfter(status);
    if (!next) return;
    const { event, afterMs } = next;
    const cancel = this.#parts.timers.after(afterMs, () => {
      this.#plans.delete(name);
      this.#parts.step(name, event);
    });
    this.#plans.set(name, { rev, event, at: Date.now() + afterMs, cancel });
  }
}

/** @returns undefined if only a person can decide */
function stepAfter(status: Status): RobotStep | undefined {
  return status === 'claimed' || status === 'in-transit' ? nextSteps[status] : undefined;
}

/** Draws each at random from the first `pickFrom` of the rest. */
function choose<T>(first: readonly T[], count: number, chance: () => number): T[] {
  const left = [...first];
  const chosen: T[] = [];
  while (chosen.length < count && left.length > 0) {
    chosen.push(...left.splice(Math.floor(chance() * Math.min(pickFrom, left.length)), 1));
  }
  return chosen;
}
