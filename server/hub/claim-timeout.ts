/**
 * Parcels that a silent driver claimed and did not collect go back to the board. Each round goes through the drivers who
 * hold any, and reads what those have claimed who are silent: page by page, in turn with others who read a lot. They are
 * released by commands like any other: the store's transaction decides between the hub and a driver who
 * comes back in this very moment. What has been collected is out of the hub's reach (protocol/parcel.ts).
 */

import type { Answer, Command } from '../../protocol/messages.ts';
import { type Actor, type Parcel, parcelIdOf } from '../../protocol/parcel.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import type { Door } from './commit.ts';
import type { LifeSigns } from './driver-liveness.ts';
import type { Turns } from './turns.ts';

export interface ReleasesOptions {
  readonly hub: { submit(actor: Actor, door: Door, commands: readonly Command[]): Promise<Answer[]> };
  readonly store: Pick<Store, 'holders' | 'parcels'>;
  /** Told by the hub whom somebody else gave a parcel to: `onGiven`. */
  readonly signs: LifeSigns;
  readonly turns: Pick<Turns, 'next'>;
  readonly clock: Clock;
  /** How long a holder may be silent. A release comes up to two rounds later, never earlier. */
  readonly timeoutMs: number;
  readonly limits?: ReleaseLimits;
  readonly onFault: (error: unknown, what: string) => void;
}

export interface Releases {
  /** Safe to call twice. */
  close(): void;
}

/** A round takes a twentieth of the time that a driver has, within these. */
const roundMs = { min: 50, max: 30_000 };
export interface ReleaseLimits {
  /** Drivers of one page. */
  readonly holdersMax: number;
  /** Parcels of one page: they are released in one commit, which others have to wait for. */
  readonly releasedMax: number;
}

export const releaseLimits: ReleaseLimits = { holdersMax: 250, releasedMax: 32 };

export function startReleases(options: ReleasesOptions): Releases {
  return new SilentDrivers(options);
}

class SilentDrivers implements Releases {
  readonly #options: ReleasesOptions;
  readonly #everyMs: number;
  readonly #rounds: number;
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
    const { store, signs, turns, limits: { holdersMax } = releaseLimits } = this.#options;
    for (let after: string | undefined = ''; after !== undefined; ) {
      await turns.next();
      if (this.#closed) return;
      const holders: readonly string[] = await store.holders(after, holdersMax);
      for (const holder of holders) {
        if (round - signs.lastOf(holder) >= this.#rounds) await this.#lookAt(holder, round);
      }
      after = holders.length < holdersMax ? undefined : holders.at(-1);
    }
  }

  async #lookAt(holder: string, round: number): Promise<void> {
    const { store, turns, limits: { releasedMax } = releaseLimits } = this.#options;
    let from: string | undefined;
    do {
      await turns.next();
      if (this.#closed) return;
      const claimed = { holder, statuses: ['claimed'], order: 'oldest' } as const;
      const page = await store.parcels({ ...claimed, from, limit: releasedMax });
      if (this.#closed) return;
      const silent = page.parcels.filter((parcel) => round - this.#since(parcel) >= this.#rounds);
      await Promise.all(silent.map((parcel) => this.#release(parcel)));
      from = page.next;
    } while (from !== undefined);
  }

  /**
   * Since when its holder has been silent. Claiming is a sign of life; who was given a parcel by somebody else, or back,
   * has the whole time from there.
   */
  #since({ holder, before, payload }: Parcel): number {
    const { signs } = this.#options;
    if (!holder) return Number.POSITIVE_INFINITY;
    const last = signs.lastOf(holder.id);
    const isOwn = before?.by.role === 'driver' && before.by.id === holder.id;
    return isOwn ? last : Math.max(last, signs.givenAt(payload));
  }

  /** Refused where something happened to it meanwhile, or while the disk is full: then the next round sees. */
  async #release(parcel: Parcel): Promise<void> {
    const { hub } = this.#options;
    const details = { reason: 'no sign of life' };
    await hub.submit({ role: 'hub', rev: parcel.rev }, 'hub', [
      { event: 'released', payload: parcelIdOf(parcel), details },
    ]);
  }
}
