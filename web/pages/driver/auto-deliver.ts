import type { Status } from '../../../protocol/events.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import type { Known } from '../../app/parcels.ts';
import type { Timers } from '../../app/timers.ts';

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

type AutoStep = (typeof nextSteps)[keyof typeof nextSteps];

/** What auto deliver does next with a parcel, and when, in milliseconds since 1970. */
export interface Plan {
  readonly event: AutoStep['event'];
  readonly at: number;
}

interface Planned extends Plan {
  /** Of the parcel when this was planned: another record, and it is planned anew. */
  readonly rev: number;
  readonly callOff: () => void;
}

interface AutoDeliverParts {
  timers: Timers;
  /** Gives numbers from 0 up to and without 1. */
  chance: () => number;
  claim: (known: Known) => void;
  step: (key: string, event: AutoStep['event']) => void;
}

/** What there is to do. */
export interface Work {
  /** Parcels in this driver's hands; those with an unanswered step are to be left alone for now. */
  readonly inHand: ReadonlyMap<string, { readonly view: ParcelView; readonly isPending: boolean }>;
  readonly claiming: number;
  /** The first offers that pass, at most so many. */
  first(most: number, passes: (key: string) => boolean): Known[];
}

/**
 * The driver who needs no person: claims what there is room for, picks up a second later, delivers three seconds
 * after that. What a person has touched, it leaves to them.
 */
export class AutoDeliver {
  readonly #parts: AutoDeliverParts;
  readonly #touched = new Set<string>();
  readonly #plans = new Map<string, Planned>();

  constructor(parts: AutoDeliverParts) {
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

  /** Does and plans what there is to do now; called after every change. Nothing is planned twice. */
  drive({ inHand, claiming, first }: Work): void {
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
    for (const known of choose(offers, room, this.#parts.chance)) this.#parts.claim(known);
  }

  /** Calls off what is planned. */
  rest(): void {
    for (const { callOff } of this.#plans.values()) callOff();
    this.#plans.clear();
  }

  #plan(key: string, { status, rev }: ParcelView): void {
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

/** Undefined where a person has to decide. */
function stepAfter(status: Status): AutoStep | undefined {
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
