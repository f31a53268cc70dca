/** What a driver's page knew last, so that it opens without network: the held parcels and the first offers. */

import type { Profile } from '../../../protocol/profile.ts';
import { shiftName } from '../../app/access-key.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import { safeLocalStorage } from '../../app/safe-storage.ts';
import type { Timers } from '../../app/timers.ts';
import type { DriverFeed } from './driver-feed.ts';
import type { HeldParcels } from './held-parcels.ts';
import type { Offers } from './offers.ts';
import type { Proofs, SavedProofs } from './proofs.ts';
import type { Note } from './session-state.ts';
import type { SavedTally, ShiftTally } from './shift-tally.ts';
import type { ShopProfiles } from './shop-profiles.ts';
import type { SavedStops, Stops } from './stops.ts';

/** As JSON in the browser's storage, where older versions of the page have left theirs. */
interface SavedSession {
  readonly driver: string;
  /** Epoch of the log that it was known from. */
  readonly epoch: string | undefined;
  readonly hands: readonly { readonly known: KnownParcel; readonly notes: readonly Note[] }[];
  readonly offers: readonly KnownParcel[];
  readonly stops?: SavedStops;
  /** How shops are reached, by store. */
  readonly shops?: Readonly<Record<string, Profile>>;
  readonly tally?: SavedTally;
  readonly proofs?: SavedProofs;
}

interface SessionSaverParts {
  readonly driver: string;
  readonly timers: Timers;
  readonly feed: Pick<DriverFeed, 'epoch'>;
  readonly held: HeldParcels;
  readonly offers: Offers;
  readonly stops: Stops;
  readonly shops: Pick<ShopProfiles, 'saved' | 'restore'>;
  readonly tally: ShiftTally;
  readonly proofs: Pick<Proofs, 'saved' | 'restore'>;
  /** Whether closing the page would lose something that was done. */
  readonly isAtRisk: () => boolean;
}

/** The browser keeps the sessions of this many drivers: hardly any browser has more. */
const driversMax = 3;
const offersMax = 20;
const saveAtMostMs = 1_000;

/**
 * Saves a session a moment after each change, and when the page is hidden or left: later moments may not come. Asks before
 * the browser closes a page with something that is not saved.
 */
export class SessionSaver {
  readonly #parts: SessionSaverParts;
  readonly #closing = new AbortController();
  #isDue = false;

  constructor(parts: SessionSaverParts) {
    const { signal } = this.#closing;
    this.#parts = parts;
    const askBack = (event: Event) => {
      if (parts.isAtRisk()) event.preventDefault();
    };
    globalThis.addEventListener?.('beforeunload', askBack, { signal });
    globalThis.addEventListener?.('pagehide', () => this.#save(), { signal });
    globalThis.document?.addEventListener('visibilitychange', () => this.#save(), { signal });
  }

  /** Puts back what this driver's last page saved. */
  restore(): void {
    const { driver, feed, held, offers, stops, shops, tally, proofs } = this.#parts;
    const saved = readSessions().find((session) => session.driver === driver);
    if (!saved) return;
    feed.epoch = saved.epoch;
    for (const { known, notes } of saved.hands) held.remember(known, notes);
    for (const known of saved.offers) offers.set(known);
    if (saved.stops) stops.restore(saved.stops);
    if (saved.shops) shops.restore(saved.shops);
    if (saved.tally) tally.restore(saved.tally);
    if (saved.proofs) proofs.restore(saved.proofs);
  }

  saveSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#parts.timers.after(saveAtMostMs, () => {
      this.#isDue = false;
      this.#save();
    });
  }

  /** Saves for the last time. Safe to call twice. */
  close(): void {
    if (!this.#closing.signal.aborted) this.#save();
    this.#closing.abort();
  }

  #save(): void {
    const { driver, feed, held, offers, stops, shops, tally, proofs } = this.#parts;
    const session: SavedSession = {
      driver,
      epoch: feed.epoch,
      hands: Array.from(held, ([, { known, notes }]) => ({ known, notes })),
      offers: offers.first(offersMax),
      stops: stops.saved((key) => held.get(key) !== undefined),
      shops: shops.saved,
      tally: tally.saved,
      proofs: proofs.saved,
    };
    const others = readSessions().filter((other) => other.driver !== driver);
    safeLocalStorage.write(shiftName, JSON.stringify([session, ...others].slice(0, driversMax)));
  }
}

function readSessions(): SavedSession[] {
  try {
    return JSON.parse(safeLocalStorage.read(shiftName) ?? '[]') as SavedSession[];
  } catch {
    // SyntaxError: another program has written there.
    return [];
  }
}
