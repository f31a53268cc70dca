/**
 * Whether this hub is the one that does a thing, of all on the log. It asks again well before its time is over, and stops by
 * itself where the store does not answer in time. So two never do it at once, and another hub takes over within seconds.
 */

import { type Clock, isWithin } from '../clock.ts';
import type { Leases } from '../store/outbound.ts';

/** How long a lease lasts at the store. */
export const leaseMs = 10_000;
/** The holder believes in it for less: its question has taken time, and what it has begun takes some. */
const believedMs = 8_000;
const againMs = 2_000;

export interface LeaseOptions {
  readonly name: string;
  /** Absent where only this hub has the log. */
  readonly leases: Leases | undefined;
  readonly clock: Clock;
  /** Called each time it has become this hub's. */
  readonly onTaken: () => void;
}

export class Lease {
  readonly #options: LeaseOptions;
  #takenAt: number | undefined;
  #isWanted = false;
  #isClosed = false;
  #cancel: (() => void) | undefined;
  #asking: Promise<void> = Promise.resolve();

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  get isHeld(): boolean {
    const { leases, clock } = this.#options;
    if (this.#isClosed || this.#takenAt === undefined) return false;
    return !leases || isWithin(believedMs, this.#takenAt, clock.now());
  }

  /** Begins to ask. Further calls do nothing. */
  want(): void {
    if (this.#isWanted || this.#isClosed) return;
    this.#isWanted = true;
    this.#ask();
  }

  /** Nothing is to be done any more: another hub may have it. */
  async leave(): Promise<void> {
    if (!this.#isWanted) return;
    this.#isWanted = false;
    this.#cancel?.();
    await this.#asking;
    const wasTaken = this.#takenAt !== undefined;
    this.#takenAt = undefined;
    // The store may be away: the lease ends by itself.
    if (wasTaken) await this.#options.leases?.release(this.#options.name).catch(() => {});
  }

  #ask(): void {
    this.#asking = this.#askOnce().then(() => {
      const { leases, clock } = this.#options;
      if (this.#isWanted && leases) this.#cancel = clock.after(againMs, () => this.#ask());
    });
  }

  async #askOnce(): Promise<void> {
    const { leases, name, clock, onTaken } = this.#options;
    const askedAt = clock.now();
    const wasHeld = this.isHeld;
    try {
      const isOurs = leases ? await leases.take(name, leaseMs) : true;
      this.#takenAt = isOurs ? askedAt : undefined;
    } catch {
      // The store is away, which commits and reads report. What is held ends in its time.
    }
    if (!wasHeld && this.isHeld && this.#isWanted) onTaken();
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    const leaving = this.leave();
    this.#isClosed = true;
    await leaving;
  }
}
