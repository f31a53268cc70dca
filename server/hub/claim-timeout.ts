/**
 * Puts parcels that a silent driver claimed but did not collect back on the board. Each round pages through the
 * holders and releases what silent ones have claimed, in turn with other heavy readers. Releases are ordinary
 * commands, so the store's transaction decides between the hub and a driver who comes back at the same moment. The
 * hub cannot release a collected parcel (protocol/parcel.ts).
 */

import type { Answer, Command } from '../../protocol/messages.ts';
import { type Actor, type Parcel, parcelIdOf } from '../../protocol/parcel.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import type { Door } from './commit.ts';
import type { DriverLiveness } from './driver-liveness.ts';
import type { Turns } from './turns.ts';

export interface ClaimTimeoutOptions {
  readonly hub: { submit(actor: Actor, door: Door, commands: readonly Command[]): Promise<Answer[]> };
  readonly store: Pick<Store, 'holders' | 'parcels'>;
  /** Learns from the hub's `onAssigned` which parcels drivers were given. */
  readonly liveness: DriverLiveness;
  readonly turns: Pick<Turns, 'next'>;
  readonly clock: Clock;
  /** How long a holder may be silent. A release comes up to two rounds later, never earlier. */
  readonly timeoutMs: number;
  readonly limits?: ClaimTimeoutLimits;
  readonly onFault: (error: unknown, what: string) => void;
}

export interface ClaimTimeout {
  /** Safe to call twice. */
  close(): void;
}

/** A round takes a twentieth of the timeout, within these bounds. */
const roundMs = { min: 50, max: 30_000 };
export interface ClaimTimeoutLimits {
  /** Drivers per page. */
  readonly holdersMax: number;
  /** Parcels per page. They are released in one commit, which other commands wait for. */
  readonly releasedMax: number;
}

export const claimTimeoutLimits: ClaimTimeoutLimits = { holdersMax: 250, releasedMax: 32 };

export function startClaimTimeout(options: ClaimTimeoutOptions): ClaimTimeout {
  return new SilentDrivers(options);
}

class SilentDrivers implements ClaimTimeout {
  readonly #options: ClaimTimeoutOptions;
  readonly #everyMs: number;
  readonly #rounds: number;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: ClaimTimeoutOptions) {
    this.#options = options;
    this.#everyMs = Math.min(roundMs.max, Math.max(roundMs.min, options.timeoutMs / 20));
    // The last sign may have come at the end of its round.
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
      await this.#lookAtAll(this.#options.liveness.nextRound());
    } catch (error) {
      // The store may fail while it is closing.
      if (!this.#closed) this.#options.onFault(error, 'silent drivers could not be looked for');
    }
    this.#wait();
  }

  async #lookAtAll(round: number): Promise<void> {
    const { store, liveness, turns, limits: { holdersMax } = claimTimeoutLimits } = this.#options;
    for (let after: string | undefined = ''; after !== undefined; ) {
      await turns.next();
      if (this.#closed) return;
      const holders: readonly string[] = await store.holders(after, holdersMax);
      for (const holder of holders) {
        if (round - liveness.lastOf(holder) >= this.#rounds) await this.#lookAt(holder, round);
      }
      after = holders.length < holdersMax ? undefined : holders.at(-1);
    }
  }

  async #lookAt(holder: string, round: number): Promise<void> {
    const { store, turns, limits: { releasedMax } = claimTimeoutLimits } = this.#options;
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
   * The round since which the holder has been silent. Claiming is a sign of life; a parcel assigned or returned by
   * somebody else starts the timeout anew.
   */
  #since({ holder, before, payload }: Parcel): number {
    const { liveness } = this.#options;
    if (!holder) return Number.POSITIVE_INFINITY;
    const last = liveness.lastOf(holder.id);
    const isOwn = before?.by.role === 'driver' && before.by.id === holder.id;
    return isOwn ? last : Math.max(last, liveness.assignedAt(payload));
  }

  /** The command is refused if the parcel has changed or the disk is full; the next round tries again. */
  async #release(parcel: Parcel): Promise<void> {
    const { hub } = this.#options;
    const details = { reason: 'no sign of life' };
    await hub.submit({ role: 'hub', rev: parcel.rev }, 'hub', [
      { event: 'released', payload: parcelIdOf(parcel), details },
    ]);
  }
}
