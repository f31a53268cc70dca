/** The tasks that reading.bench.ts gives to its processes. */

import type { Handshake } from '../protocol/messages.ts';

export type Identity = Extract<Handshake, { role: 'vendor' | 'driver' | 'admin' }>;

export type ReadingTask =
  /** Fresh starts in sequence. */
  | { readonly kind: 'join'; readonly as: Identity; readonly forMs: number }
  /** Concurrent catch-ups from the beginning of the log to the end. */
  | { readonly kind: 'catch-up'; readonly as: readonly Identity[]; readonly maxMs: number }
  /** REST pages in sequence, by one reader or by several at the same time. */
  | {
      readonly kind: 'ask';
      readonly paths: readonly string[];
      readonly forMs: number;
      readonly readers?: number;
    }
  /** Requests whose answers stay unread. */
  | { readonly kind: 'unread'; readonly path: string; readonly count: number; readonly forMs: number }
  | { readonly kind: 'idle'; readonly count: number }
  | { readonly kind: 'offer'; readonly perSecond: number; readonly forMs: number }
  /** No clients: the hub releases so many parcels after the claim timeout. */
  | { readonly kind: 'released'; readonly count: number; readonly maxMs: number };

/** The process sends it when the task is done, and keeps its connections until it is told to go. */
export interface ReadingReport {
  /** Durations in ascending order; Infinity after a timeout. */
  readonly tookMs: readonly number[];
  /** Remarks. */
  readonly said: string;
}
