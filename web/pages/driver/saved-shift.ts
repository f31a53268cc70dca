/** What a driver's page knew last, so that it can be opened in a basement: the parcels in hand and on offer. */

import { shiftName } from '../../access-key.ts';
import { kept } from '../../kept.ts';
import type { Known } from '../../parcels.ts';
import type { Note } from './shift-state.ts';

export interface SavedShift {
  readonly driver: string;
  /** Of the log that this was known of. */
  readonly epoch: string | undefined;
  readonly hands: readonly { readonly known: Known; readonly notes: readonly Note[] }[];
  readonly offers: readonly Known[];
}

/** A browser is seldom more drivers than this. */
const driversMax = 3;

export function savedShift(driver: string): SavedShift | undefined {
  return read().find((shift) => shift.driver === driver);
}

export function saveShift(shift: SavedShift): void {
  const others = read().filter(({ driver }) => driver !== shift.driver);
  kept.write(shiftName, JSON.stringify([shift, ...others].slice(0, driversMax)));
}

function read(): SavedShift[] {
  try {
    return JSON.parse(kept.read(shiftName) ?? '[]') as SavedShift[];
  } catch {
    // SyntaxError: something else has written there.
    return [];
  }
}
