/** Memory limits of a store, and how much of its file is checked at the start. */

import { parcelsSizeMax } from '../memory.ts';
import { checkedBytesMax } from './file.ts';

export interface StoreLimits {
  /** Cached parcels. */
  readonly parcelsMax: number;
  /** Their size, in characters of their records. */
  readonly sizeMax: number;
  /** Stores with a cached last seq. */
  readonly storesMax: number;
  /** A larger file is not fully checked at the start, in bytes. */
  readonly checkedMax: number;
}

export const storeLimits: StoreLimits = {
  parcelsMax: 10_000,
  sizeMax: parcelsSizeMax,
  storesMax: 10_000,
  checkedMax: checkedBytesMax,
};
