/** What reading.bench.ts asks of its processes. */

import type { Handshake } from '../protocol/messages.ts';

export type Identity = Extract<Handshake, { role: 'vendor' | 'driver' | 'admin' }>;

export type ReadingTask =
  /** Joins afresh, one after the other. */
  | { readonly kind: 'join'; readonly as: Identity; readonly forMs: number }
  /** All at once, from the beginning to the end of the log. */
  | { readonly kind: 'catch-up'; readonly as: readonly Identity[]; readonly maxMs: number }
  /** Pages of REST, one after the other. */
  | { readonly kind: 'ask'; readonly paths: readonly string[]; readonly forMs: number }
  /** Asked for and not read. */
  | { readonly kind: 'unread'; readonly path: string; readonly count: number; readonly forMs: number }
  | { readonly kind: 'idle'; readonly count: number }
  | { readonly kind: 'offer'; readonly perSecond: number; readonly forMs: number }
  /** Nobody does anything: the hub releases so many parcels by itself. */
  | { readonly kind: 'released'; readonly count: number; readonly maxMs: number };

/** Sent once the task is done; what it holds it keeps until it is told to go. */
export interface ReadingReport {
  /** How long each took, ascending; Infinity for what was given up. */
  readonly tookMs: readonly number[];
  /** What else there is to say. */
  readonly said: string;
}
