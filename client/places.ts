import type { CapsRecord, Events, FeedName } from '../protocol/messages.ts';

/** A stretch of a feed, without what the client already had. */
export interface FeedRange {
  readonly feed: FeedName;
  readonly upTo: number;
  readonly records: readonly CapsRecord[];
  readonly gone: NonNullable<Events['gone']>;
  /** Feed `board`: how many are on offer now, where the hub has said. */
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

/** Feeds whose reader sees every seq; `board` and `own` leave out what is not theirs. */
const dense: ReadonlySet<FeedName> = new Set<FeedName>(['log', 'store', 'parcel']);

/** How far a client has come in each of its feeds, and the proof that nothing is missing in between. */
export class Places {
  readonly #feeds: readonly FeedName[];
  readonly #places = new Map<FeedName, number>();

  constructor(role: keyof typeof feedsOf) {
    this.#feeds = feedsOf[role];
  }

  /** What the client knows of all its feeds; undefined while it has not begun. */
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
   * Takes what joins on to the client's place, and moves it.
   * @returns `old`: nothing new. `missed`: it does not join on, or has a hole; the place stays
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
