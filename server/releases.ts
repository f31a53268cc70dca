/**
 * Parcels that a silent driver claimed and did not collect go back to the board. They are looked for in rounds, page by
 * page, and released by commands like any other: the store's transaction decides between the hub and a driver who
 * comes back in this very moment. What has been collected is out of the hub's reach (protocol/parcel.ts).
 */

import { limits } from '../protocol/limits.ts';
import type { Answer, Command } from '../protocol/messages.ts';
import { type Actor, keyOf, type Parcel } from '../protocol/parcel.ts';
import type { Clock } from './clock.ts';
import type { Door } from './commit.ts';
import type { LifeSigns } from './life-signs.ts';
import type { Store } from './store/store.ts';

export interface ReleasesOptions {
  readonly hub: { submit(actor: Actor, door: Door, commands: readonly Command[]): Promise<Answer[]> };
  readonly store: Pick<Store, 'parcels'>;
  readonly signs: LifeSigns;
  readonly clock: Clock;
  /** How long a holder may be silent. A release comes up to two rounds later, never earlier. */
  readonly timeoutMs: number;
  readonly onFault: (error: unknown, what: string) => void;
}

export interface Releases {
  /** Safe to call twice. */
  close(): void;
}

/** A round takes a twentieth of the time that a driver has, within these. */
const roundMs = { min: 50, max: 30_000 };
/** Parcels that dispatch gave to somebody; those past it are released when there are fewer. */
const givenMax = 10_000;

export function startReleases(options: ReleasesOptions): Releases {
  return new SilentDrivers(options);
}

/** When a parcel was first seen in the hands that somebody else put it into. */
interface Given {
  readonly changedAt: string;
  readonly round: number;
}

class SilentDrivers implements Releases {
  readonly #options: ReleasesOptions;
  readonly #everyMs: number;
  readonly #rounds: number;
  #given = new Map<string, Given>();
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: ReleasesOptions) {
    this.#options = options;
    this.#everyMs = Math.min(roundMs.max, Math.max(roundMs.min, options.timeoutMs / 20));
    // A sign may have come at the end of its round.
    this.#rounds = Math.ceil(options.timeoutMs / this.#everyMs) + 1;
    this.#wait();
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #wait(): void {
    if (this.#closed) return;
    this.#cancel = this.#options.clock.after(this.#everyMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    try {
      await this.#lookAtAll(this.#options.signs.nextRound());
    } catch (error) {
      // Closing does not wait for the store's answer.
      if (!this.#closed) this.#options.onFault(error, 'silent drivers could not be looked for');
    }
    this.#wait();
  }

  async #lookAtAll(round: number): Promise<void> {
    const given = new Map<string, Given>();
    let from: string | undefined;
    do {
      const claimed = { statuses: ['claimed'], unfinished: true, order: 'oldest' } as const;
      const page = await this.#options.store.parcels({ ...claimed, from, limit: limits.page });
      if (this.#closed) return;
      const silent = page.parcels.filter(
        (parcel) => round - this.#since(parcel, round, given) >= this.#rounds,
      );
      await Promise.all(silent.map((parcel) => this.#release(parcel)));
      from = page.next;
      // A turn for everybody else: a store may answer without one.
      await new Promise<void>((resolve) => this.#options.clock.soon(resolve));
    } while (from !== undefined && !this.#closed);
    this.#given = given;
  }

  /**
   * Since when its holder has been silent. Claiming is a sign of life; who was given a parcel by somebody else, or back,
   * has the whole time from there.
   */
  #since(parcel: Parcel, round: number, given: Map<string, Given>): number {
    const { holder, before, changedAt } = parcel;
    if (!holder) return round;
    const last = this.#options.signs.lastOf(holder.id);
    if (before?.by.role === 'driver' && before.by.id === holder.id) return last;
    if (given.size >= givenMax) return round;
    const { store, orderID } = parcel.payload;
    const name = `${store}\n${orderID}`;
    const known = this.#given.get(name);
    const since = known?.changedAt === changedAt ? known : { changedAt, round };
    given.set(name, since);
    return Math.max(last, since.round);
  }

  /** Refused where something happened to it meanwhile, or while the disk is full: then the next round sees. */
  async #release(parcel: Parcel): Promise<void> {
    const { hub } = this.#options;
    const details = { reason: 'no sign of life' };
    await hub.submit({ role: 'hub', rev: parcel.rev }, 'hub', [
      { event: 'released', payload: keyOf(parcel), details },
    ]);
  }
}
