import type { CapsRecord, Events, FeedName } from '../protocol/messages.ts';

/** A range of a feed, without the records that the client already had. */
export interface FeedRange {
  readonly feed: FeedName;
  readonly upTo: number;
  readonly records: readonly CapsRecord[];
  readonly gone: NonNullable<Events['gone']>;
  /** Feed `board`: number of parcels on offer, if the hub sent it. */
  readonly ready?: number | undefined;
  /** Seqs whose records the hub's disk has damaged. */
  readonly damaged: readonly number[];
}

const feedsOf = {
  vendor: ['store'],
  driver: ['board', 'own'],
  admin: ['log'],
  customer: ['parcel'],
} as const satisfies Record<string, readonly FeedName[]>;

/** Feeds without gaps in their seqs; `board` and `own` skip records. */
const dense: ReadonlySet<FeedName> = new Set<FeedName>(['log', 'store', 'parcel']);

/** Tracks the client's place in each of its feeds, and checks that no record is missing. */
export class Places {
  readonly #feeds: readonly FeedName[];
  readonly #places = new Map<FeedName, number>();

  constructor(role: keyof typeof feedsOf) {
    this.#feeds = feedsOf[role];
  }

  /** The client has all its feeds up to here; undefined before the start. */
  get lowest(): number | undefined {
    return this.#places.size === 0 ? undefined : Math.min(...this.#places.values());
  }

  begin(seq: number): void {
    for (const feed of this.#feeds) this.#places.set(feed, seq);
  }

  forget(): void {
    this.#places.clear();
  }

  /**
   * Takes the records past the client's place and moves the place.
   *
   * @returns `old`: nothing new. `missed`: there is a gap before or in it; the place stays
   */
  take({ feed, prev, upTo, records, gone = [], ready, damaged = [] }: Events): FeedRange | 'old' | 'missed' {
    const place = this.#places.get(feed);
    if (place === undefined || prev > place) return 'missed';
    if (upTo <= place) return 'old';
    const fresh = prev === place ? records : records.filter((record) => record.seq > place);
    const lost = damaged.filter((seq) => seq > place);
    if (dense.has(feed) && !isWhole(fresh, lost, place, upTo)) return 'missed';
    this.#places.set(feed, upTo);
    return { feed, upTo, records: fresh, gone, ready, damaged: lost };
  }
}

function isWhole(
  records: readonly CapsRecord[],
  damaged: readonly number[],
  place: number,
  upTo: number,
): boolean {
  if (records.length + damaged.length !== upTo - place) return false;
  if (damaged.length === 0) return records.every((record, i) => record.seq === place + 1 + i);
  const seqs = [...records.map(({ seq }) => seq), ...damaged].sort((a, b) => a - b);
  return seqs.every((seq, i) => seq === place + 1 + i);
}
