/** What a driver's page knew last, so that it can be opened in a basement: the parcels in hand and on offer. */

import { shiftName } from '../../app/access-key.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import { safeLocalStorage } from '../../app/safe-storage.ts';
import type { Timers } from '../../app/timers.ts';
import type { Note } from './shift-state.ts';

export interface SavedShift {
  readonly driver: string;
  /** Of the log that this was known of. */
  readonly epoch: string | undefined;
  readonly hands: readonly { readonly known: KnownParcel; readonly notes: readonly Note[] }[];
  readonly offers: readonly KnownParcel[];
}

export interface ShiftKeeperParts {
  readonly timers: Timers;
  readonly shift: () => SavedShift;
  /** Whether something that was done would be lost with the page. */
  readonly isAtRisk: () => boolean;
  readonly signal: AbortSignal;
}

/** A browser is seldom more drivers than this. */
const driversMax = 3;
const saveAtMostMs = 1_000;

export function savedShift(driver: string): SavedShift | undefined {
  return read().find((shift) => shift.driver === driver);
}

function saveShift(shift: SavedShift): void {
  const others = read().filter(({ driver }) => driver !== shift.driver);
  safeLocalStorage.write(shiftName, JSON.stringify([shift, ...others].slice(0, driversMax)));
}

/** Saves a shift a moment after it has changed, and in the last moments in which a page is sure to be heard. */
export class ShiftKeeper {
  readonly #parts: ShiftKeeperParts;
  #savesSoon = false;

  constructor(parts: ShiftKeeperParts) {
    const { isAtRisk, signal } = parts;
    this.#parts = parts;
    // The browser asks back before what it does not keep is gone.
    const guard = (event: Event) => {
      if (isAtRisk()) event.preventDefault();
    };
    globalThis.addEventListener?.('beforeunload', guard, { signal });
    globalThis.addEventListener?.('pagehide', () => this.save(), { signal });
    globalThis.document?.addEventListener('visibilitychange', () => this.save(), { signal });
  }

  soon(): void {
    if (this.#savesSoon) return;
    this.#savesSoon = true;
    this.#parts.timers.after(saveAtMostMs, () => {
      this.#savesSoon = false;
      this.save();
    });
  }

  save(): void {
    saveShift(this.#parts.shift());
  }
}

function read(): SavedShift[] {
  try {
    return JSON.parse(safeLocalStorage.read(shiftName) ?? '[]') as SavedShift[];
  } catch {
    // SyntaxError: something else has written there.
    return [];
  }
}
