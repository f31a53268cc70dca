/** Where searches ask first. */

import type { RecordFilter } from '../../protocol/search.ts';

/**
 * An index beside the log, which says where the records stand that answer to a search. It follows behind the commits
 * and never holds one up.
 *
 * - Up to `upTo` it leaves no record out that answers. What is past that, whoever asks looks through themselves.
 * - It names what `seenBy` may see and nothing else, and counts nothing else.
 * - Where it does not work, or not yet, it answers `undefined`, and whoever asks looks through the log.
 */
export interface SearchIndex {
  /** The log has grown to this seq. Returns at once. */
  grew(seq: number): void;
  find(asked: IndexQuery): Promise<IndexHits | undefined>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

export interface IndexQuery {
  readonly filter: RecordFilter;
  /**
   * Restricts the search to a store's records, or to those of parcels that a driver held. Undefined for readers of
   * everything.
   */
  readonly seenBy?: IndexScope | undefined;
  /**
   * Only orders and their changes that name one of these days (of UTC, as `2026-11-30`): the day of the window that they have then,
   * or the day on which the order was placed.
   */
  readonly days?: readonly string[] | undefined;
  /** Searches orders only. Undefined is returned if a word may be in a driver's name. */
  readonly ofOrders?: boolean | undefined;
  /** Seqs after `low` and up to `high`, upwards or downwards. */
  readonly low: number;
  readonly high: number;
  readonly forwards: boolean;
  readonly limit: number;
  /** Also counts the matches after `low` and up to `high`. */
  readonly counted?: { readonly low: number; readonly high: number } | undefined;
}

export type IndexScope = { readonly store: string } | { readonly driver: string };

export interface IndexHits {
  /** Seqs of matching records, in search order. */
  readonly seqs: readonly number[];
  /** The last seq examined; undefined if all within the bounds were. */
  readonly place: number | undefined;
  /** The last seq that is indexed. */
  readonly upTo: number;
  readonly count?: Count | undefined;
}

export interface Count {
  readonly count: number;
  /** False if there may be more. */
  readonly exact: boolean;
}
