/** How much a store keeps in memory of its log, and how much of it is checked at start. */

import { parcelsSizeMax } from '../memory.ts';
import { checkedBytesMax } from './file.ts';

export interface StoreLimits {
  /** Parcels in memory. */
  readonly parcelsMax: number;
  /** Of these, in characters of their records. */
  readonly sizeMax: number;
  /** Stores whose last seq is in memory. */
  readonly storesMax: number;
  /** Up to this size the whole file is checked when it is opened, in bytes. */
  readonly checkedMax: number;
}

export const storeLimits: StoreLimits = {
  parcelsMax: 10_000,
  sizeMax: parcelsSizeMax,
  storesMax: 10_000,
  checkedMax: checkedBytesMax,
};
