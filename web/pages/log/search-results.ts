import { assert } from '../../../protocol/errors.ts';
import { cursorOf, readCursor } from '../../../protocol/ids.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { EventPage } from '../../../protocol/rest.ts';
import { type Rows, resultRows } from './rows.ts';
import { pageSize } from './seq-pages.ts';

/** What is beyond the first or last row. */
export type EdgeState = 'more' | 'loading' | 'failed' | 'none';
export type Direction = 'older' | 'newer';

/** The words and the time range of a search. */
export interface SearchQuery {
  readonly search: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A request for a page of history. */
export interface PageRequest extends SearchQuery {
  readonly direction: Direction;
  readonly cursor: string;
  readonly limit: number;
}

/** One end of the rows. Replaced whenever that end moves, so that answers to older requests are ignored. */
interface ResultEdge {
  state: EdgeState;
  readonly cursor: string;
  request?: PageRequest;
}

const nothing: ResultEdge = { state: 'none', cursor: '' };
/** The first page is small, so that it arrives soon. */
const firstSize = 50;
/** If more matches arrive while the view is frozen, resuming reads them from the hub. */
const waitingMax = 2_000;

/** A range of the results of a search. It grows at both ends, by pages of history and live records. */
export class SearchResults {
  readonly #rowsMax: number;
  #epoch = '';
  #records: CapsRecord[] = [];
  #older = nothing;
  #newer = nothing;
  /** Live matches since the view was frozen. */
  #waiting: CapsRecord[] = [];
  #fresh = 0;

  constructor(rowsMax: number) {
    this.#rowsMax = rowsMax;
  }

  get older(): EdgeState {
    return this.#older.state;
  }

  get newer(): EdgeState {
    return this.#newer.state;
  }

  get fresh(): number {
    return this.#fresh;
  }

  rows(): Rows {
    return resultRows(this.#records.slice());
  }

  /** Whether this seq is within the range of the rows. */
  covers(seq: number): boolean {
    const [first, last] = [this.#records[0], this.#records.at(-1)];
    const isAfterFirst = this.older === 'none' || (first !== undefined && first.seq <= seq);
    const isBeforeLast = this.newer === 'none' || (last !== undefined && last.seq >= seq);
    return isAfterFirst && isBeforeLast;
  }

  /** Starts a search between two seqs, from the later one backwards. */
  begin(epoch: string, first: number, last: number): void {
    this.around(epoch, last, first, last);
    this.#waiting = [];
    this.#fresh = 0;
  }

  /** Starts a search at this seq in both directions; the seq itself belongs to the older ones. */
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

  /** Freezes the view. Rows after `at` have not been seen yet, so they wait. */
  freeze(at: number): void {
    const seen = this.#records.findLastIndex(({ seq }) => seq <= at) + 1;
    this.#waiting = this.#records.splice(seen);
    this.#fresh = this.#waiting.length;
  }

  /** Shows the waiting rows. @returns false if that would leave a gap */
  resume(): boolean {
    const joins = this.newer === 'none' && this.#waiting.length === this.#fresh;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#fresh = 0;
    if (joins) for (const record of waiting) this.#push(record);
    return joins;
  }

  // ---- history ----

  ask(direction: Direction, query: SearchQuery): PageRequest | undefined {
    const edge = this.#edgeAt(direction);
    if (edge.state !== 'more' && edge.state !== 'failed') return undefined;
    edge.state = 'loading';
    const limit = this.#records.length === 0 ? firstSize : pageSize;
    edge.request = { direction, cursor: edge.cursor, limit, ...query };
    return edge.request;
  }

  /** @param end the last seq that may be shown @returns false if the request is outdated */
  answered(request: PageRequest, page: EventPage, end: number): boolean {
    if (this.#edgeAt(request.direction).request !== request) return false;
    if (request.direction === 'older') this.#olderCame(request, page);
    else this.#newerCame(request, page, end);
    return true;
  }

  failed(request: PageRequest): void {
    const edge = this.#edgeAt(request.direction);
    if (edge.request === request) edge.state = 'failed';
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
    // Drop many at once, so that a long list is not copied for every record.
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
    return { state: 'more', cursor: cursorOf(this.#epoch, seq) };
  }
}

/** A cursor that has not moved means the end. */
function edgeAfter(cursor: string | null, before: string): ResultEdge {
  return cursor === null || cursor === before ? nothing : { state: 'more', cursor };
}
