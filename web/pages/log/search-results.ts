import { assert } from '../../../protocol/errors.ts';
import { cursorOf, readCursor } from '../../../protocol/ids.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { EventPage } from '../../../protocol/rest.ts';
import { type Rows, resultRows } from './rows.ts';
import { pageSize } from './seq-pages.ts';

/** What lies beyond the first or the last row. */
export type EdgeState = 'more' | 'loading' | 'failed' | 'none';
export type Direction = 'older' | 'newer';

/** What is searched for, and between which moments. */
export interface SearchQuery {
  readonly search: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A question to history. */
export interface PageRequest extends SearchQuery {
  readonly direction: Direction;
  readonly cursor: string;
  /** How many records at most. */
  readonly limit: number;
}

/** One end of the rows. Made anew whenever that end moves, so that the answer to an older question is void. */
interface ResultEdge {
  edge: EdgeState;
  readonly cursor: string;
  request?: PageRequest;
}

const nothing: ResultEdge = { edge: 'none', cursor: '' };
/** Enough for a screen. */
const firstSize = 50;
/** More than these while the view is frozen, and going on means reading again. */
const waitingMax = 2_000;

/** What answers to a search: a stretch of it that grows at both ends, out of history or with what comes live. */
export class SearchResults {
  readonly #rowsMax: number;
  #epoch = '';
  #records: CapsRecord[] = [];
  #older = nothing;
  #newer = nothing;
  /** What came while the view stood still. */
  #waiting: CapsRecord[] = [];
  #fresh = 0;

  constructor(rowsMax: number) {
    this.#rowsMax = rowsMax;
  }

  get older(): EdgeState {
    return this.#older.edge;
  }

  get newer(): EdgeState {
    return this.#newer.edge;
  }

  get fresh(): number {
    return this.#fresh;
  }

  rows(): Rows {
    return resultRows(this.#records.slice());
  }

  /** Whether the rows go from before this seq to after it. */
  covers(seq: number): boolean {
    const [first, last] = [this.#records[0], this.#records.at(-1)];
    const isAfterFirst = this.older === 'none' || (first !== undefined && first.seq <= seq);
    const isBeforeLast = this.newer === 'none' || (last !== undefined && last.seq >= seq);
    return isAfterFirst && isBeforeLast;
  }

  /** Anew, between two seqs and from the later one backwards. */
  begin(epoch: string, first: number, last: number): void {
    this.around(epoch, last, first, last);
    this.#waiting = [];
    this.#fresh = 0;
  }

  /** Anew, from this seq in both directions, itself among the older ones. */
  around(epoch: string, seq: number, first: number, last: number): void {
    this.#epoch = epoch;
    this.#records = [];
    this.#older = seq >= first ? this.#more(seq + 1) : nothing;
    this.#newer = seq < last ? this.#more(Math.max(seq, first - 1)) : nothing;
  }

  live(record: CapsRecord, isFollowing: boolean): void {
    if (isFollowing) {
      this.#push(record);
      return;
    }
    this.#fresh += 1;
    if (this.#waiting.length <= waitingMax) this.#waiting.push(record);
  }

  /** Rows past `at` have not been seen yet, and wait. */
  freeze(at: number): void {
    const seen = this.#records.findLastIndex(({ seq }) => seq <= at) + 1;
    this.#waiting = this.#records.splice(seen);
    this.#fresh = this.#waiting.length;
  }

  /** Shows what waits. @returns false where that would leave a gap */
  resume(): boolean {
    const joins = this.newer === 'none' && this.#waiting.length === this.#fresh;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#fresh = 0;
    if (joins) for (const record of waiting) this.#push(record);
    return joins;
  }

  // ---- history ----

  ask(direction: Direction, wanted: SearchQuery): PageRequest | undefined {
    const beyond = this.#edgeAt(direction);
    if (beyond.edge !== 'more' && beyond.edge !== 'failed') return undefined;
    beyond.edge = 'loading';
    // The first that are found are shown the sooner the fewer they are.
    const limit = this.#records.length === 0 ? firstSize : pageSize;
    beyond.request = { direction, cursor: beyond.cursor, limit, ...wanted };
    return beyond.request;
  }

  /** @param end the last seq that may be shown. @returns false for an answer to what is not asked any more */
  answered(ask: PageRequest, page: EventPage, end: number): boolean {
    if (this.#edgeAt(ask.direction).request !== ask) return false;
    if (ask.direction === 'older') this.#olderCame(ask, page);
    else this.#newerCame(ask, page, end);
    return true;
  }

  failed(ask: PageRequest): void {
    const beyond = this.#edgeAt(ask.direction);
    if (beyond.request === ask) beyond.edge = 'failed';
  }

  #olderCame({ cursor }: PageRequest, { items, prev }: EventPage): void {
    const last = items.at(-1);
    const first = this.#records[0];
    assert(!last || !first || last.seq < first.seq, `older record ${last?.seq} is before ${first?.seq}`);
    this.#records.unshift(...items);
    this.#older = edgeAfter(prev, cursor);
    if (this.#records.length <= this.#rowsMax) return;
    this.#records.length = this.#rowsMax;
    this.#newer = this.#more(this.#records.at(-1)?.seq ?? 0);
  }

  #newerCame({ cursor }: PageRequest, { items, next }: EventPage, end: number): void {
    const first = items[0];
    const last = this.#records.at(-1);
    assert(!last || !first || last.seq < first.seq, `newer record ${first?.seq} is after ${last?.seq}`);
    this.#records.push(...items.filter(({ seq }) => seq <= end));
    const reached = Math.max(items.at(-1)?.seq ?? 0, readCursor(next)?.seq ?? 0);
    this.#newer = edgeAfter(reached >= end ? null : next, cursor);
    this.#dropOldest();
  }

  #push(record: CapsRecord): void {
    this.#records.push(record);
    // In steps, so that a long list is not copied for every record.
    if (this.#records.length > this.#rowsMax * 1.2) this.#dropOldest();
  }

  #dropOldest(): void {
    if (this.#records.length <= this.#rowsMax) return;
    this.#records = this.#records.slice(-this.#rowsMax);
    this.#older = this.#more(this.#records[0]?.seq ?? 0);
  }

  #edgeAt(direction: Direction): ResultEdge {
    return direction === 'older' ? this.#older : this.#newer;
  }

  #more(seq: number): ResultEdge {
    return { edge: 'more', cursor: cursorOf(this.#epoch, seq) };
  }
}

/** A place that does not move on is the end, whatever else it claims. */
function edgeAfter(cursor: string | null, before: string): ResultEdge {
  return cursor === null || cursor === before ? nothing : { edge: 'more', cursor };
}
