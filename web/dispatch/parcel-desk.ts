import type { Live } from '../app/live.ts';
import type { ParcelWatch } from './parcel-watch.ts';
import type { Roster } from './roster.ts';

/** What a parcel's panel and its actions need of their page. */
export interface ParcelDesk {
  readonly live: Live;
  readonly roster: Roster;
  readonly parcel: ParcelWatch;
}
