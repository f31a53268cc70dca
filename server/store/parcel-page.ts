/** A page of parcels out of the rows of its query, which are one more than asked where there is more. */

import type { Parcel } from '../../protocol/parcel.ts';
import type { Damages } from './damage.ts';
import { paged } from './pages.ts';
import { type ParcelRow, soundParcel } from './sqlite-rows.ts';
import { placeColumn } from './sqlite-statements.ts';
import type { ParcelPage, ParcelQuery } from './store.ts';

export function parcelPage(rows: Iterable<ParcelRow>, query: ParcelQuery, damage: Damages): ParcelPage {
  // Of a parcel's, the text is its pickup's, and its state is more.
  const { page, more } = paged(rows, query, ({ p_text, state }) => (p_text?.length ?? 0) + state.length);
  const parcels: Parcel[] = [];
  const places: string[] = [];
  let next: string | undefined;
  for (const row of page) {
    next = String(row[placeColumn(query)]);
    const stored = soundParcel(row);
    if (stored) {
      parcels.push(stored.parcel);
      places.push(next);
    } else damage.found(parcelName(row));
  }
  const damaged = page.length - parcels.length;
  return {
    ...{ parcels, places },
    ...(more && next !== undefined ? { next } : {}),
    ...(damaged > 0 ? { damaged } : {}),
  };
}

/** Whoever asks after the hub's health is told, and is to learn no store's name. */
export function parcelName({ first_seq }: Pick<ParcelRow, 'first_seq'>): string {
  return `the parcel of record ${first_seq}`;
}
