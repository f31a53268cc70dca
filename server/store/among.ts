/** Narrows a list to the parcels of some records, which an index has named. */
export interface Among {
  readonly of: 'records' | 'pickups';
  readonly seqs: readonly number[];
  /** Leaves out parcels whose pickup is before this seq. */
  readonly from?: number | undefined;
}
