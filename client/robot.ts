/**
 * A driver and a shop that need no person: what the pages do by themselves, and the programs of the terminal. Both say
 * when something is due; whoever has the connection sends it.
 */

import type { Status } from '../protocol/events.ts';
import type { ParcelView } from '../protocol/messages.ts';

/** Timers that go on where the robot lives, in a hidden tab too. */
export interface RobotTimers {
  /** @returns a function that calls it off */
  after(ms: number, run: () => void): () => void;
  /** @returns a function that ends it */
  every(ms: number, run: () => void): () => void;
}

// ---- the driver ----

/** At most so many parcels in hand, those that are being claimed included. */
const inHandMax = 3;
/** One of so many of the first offers is taken, so that several drivers seldom want the same one. */
const pickFrom = 8;
/** So many parcels that were touched by hand are remembered. */
const touchedMax = 1_000;

/** What comes next by itself for a parcel of this status, and after how long. */
const nextSteps = {
  claimed: { event: 'in-transit', afterMs: 1_000 },
  'in-transit': { event: 'delivered', afterMs: 3_000 },
} as const;

export type RobotStep = (typeof nextSteps)[keyof typeof nextSteps];

/** What the robot does next with a parcel, and when, in milliseconds since 1970. */
export interface Plan {
  readonly event: RobotStep['event'];
  readonly at: number;
}

interface Planned extends Plan {
  /** The parcel's `rev` when this was planned; with another one it is planned anew. */
  readonly rev: number;
  readonly callOff: () => void;
}

interface DriverRobotParts<Offer> {
  timers: RobotTimers;
  /** Gives numbers from 0 up to and without 1. */
  chance: () => number;
  claim: (offer: Offer) => void;
  step: (key: string, event: RobotStep['event']) => void;
}

interface ParcelInHand {
  readonly view: Pick<ParcelView, 'status' | 'rev'>;
  /** A step of it has no answer yet: it is to be left alone for now. */
  readonly isPending: boolean;
}

/** What there is to do. */
export interface Work<Offer> {
  /** The driver's parcels by key. */
  readonly inHand: ReadonlyMap<string, ParcelInHand>;
  readonly claiming: number;
  /** @returns the first offers that pass, at most so many */
  first(most: number, passes: (key: string) => boolean): readonly Offer[];
  /** @returns whether one more may be claimed; undefined: as long as there is room in hand */
  mayClaim?(): boolean;
}

/**
 * Claims what there is room for, picks it up a second later and delivers it three seconds after that. What a person has
 * touched, it leaves to them.
 */
export class DriverRobot<Offer> {
  readonly #parts: DriverRobotParts<Offer>;
  readonly #touched = new Set<string>();
  readonly #plans = new Map<string, Planned>();

  constructor(parts: DriverRobotParts<Offer>) {
    this.#parts = parts;
  }

  /** A person has to do with this parcel from now on. */
  touch(key: string): void {
    this.#touched.delete(key);
    this.#touched.add(key);
    if (this.#touched.size <= touchedMax) return;
    const [oldest] = this.#touched;
    if (oldest !== undefined) this.#touched.delete(oldest);
  }

  plan(key: string): Plan | undefined {
    return this.#plans.get(key);
  }

  /** Does and plans what there is to do now; to be called after every change. Nothing is planned twice. */
  drive({ inHand, claiming, first, mayClaim = () => true }: Work<Offer>): void {
    for (const [key, { rev, callOff }] of this.#plans) {
      const one = inHand.get(key);
      if (one && !one.isPending && !this.#touched.has(key) && one.view.rev === rev) continue;
      callOff();
      this.#plans.delete(key);
    }
    for (const [key, { view, isPending }] of inHand) {
      if (!isPending && !this.#touched.has(key) && !this.#plans.has(key)) this.#plan(key, view);
    }
    const room = Math.max(0, inHandMax - inHand.size - claiming);
    const offers = room === 0 ? [] : first(pickFrom + room - 1, (key) => !this.#touched.has(key));
    for (const offer of choose(offers, room, this.#parts.chance)) {
      if (mayClaim()) this.#parts.claim(offer);
    }
  }

  /** Calls off what is planned. */
  rest(): void {
    for (const { callOff } of this.#plans.values()) callOff();
    this.#plans.clear();
  }

  #plan(key: string, { status, rev }: ParcelInHand['view']): void {
    const next = stepAfter(status);
    if (!next) return;
    const { event, afterMs } = next;
    const callOff = this.#parts.timers.after(afterMs, () => {
      this.#plans.delete(key);
      this.#parts.step(key, event);
    });
    this.#plans.set(key, { rev, event, at: Date.now() + afterMs, callOff });
  }
}

/** @returns undefined where a person has to decide */
function stepAfter(status: Status): RobotStep | undefined {
  return status === 'claimed' || status === 'in-transit' ? nextSteps[status] : undefined;
}

/** Each by chance among the few that are the first of what is left. */
function choose<T>(first: readonly T[], count: number, chance: () => number): T[] {
  const left = [...first];
  const chosen: T[] = [];
  while (chosen.length < count && left.length > 0) {
    chosen.push(...left.splice(Math.floor(chance() * Math.min(pickFrom, left.length)), 1));
  }
  return chosen;
}

// ---- the shop ----

interface ShopRobotParts {
  timers: Pick<RobotTimers, 'every'>;
  /** Whether an order sent now is answered now. */
  isUp: () => boolean;
  /** Makes an order up and sends it. */
  order: () => void;
}

/**
 * Sends an order at once and then one every few seconds. While the connection is away nothing is sent and nothing
 * piles up: a shop that comes back is not to flood the hub with what it had not sold.
 */
export class ShopRobot {
  readonly #parts: ShopRobotParts;
  #stop: (() => void) | undefined;
  /** The first order is still to be sent. */
  #owesFirst = false;

  constructor(parts: ShopRobotParts) {
    this.#parts = parts;
  }

  /** Called again, it goes on at another pace. */
  start(everyMs: number): void {
    if (this.#stop === undefined) this.#owesFirst = true;
    this.#stop?.();
    this.#stop = this.#parts.timers.every(everyMs, () => {
      if (this.#parts.isUp()) this.#parts.order();
    });
    this.becameLive();
  }

  /** Safe to call twice. */
  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#owesFirst = false;
  }

  /** The connection may have become live. */
  becameLive(): void {
    if (!this.#owesFirst || !this.#parts.isUp()) return;
    this.#owesFirst = false;
    this.#parts.order();
  }
}
