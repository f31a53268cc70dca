/**
 * The part of the log that the page has loaded, and the rows that it shows.
 *
 *     hub ──live──▶ ring ─────────▶ whole: every record of a range; seq gives the index of a row,
 *                     │  pages ──┘         and missing records are read when they become visible
 *                     └─matching─▶ results: the matches of a search, read from history page by page
 *
 * While following, the rows end at the newest record; while frozen, at the record `at`, and the ring goes on filling.
 * Live records start at the head of the hub's welcome and history ends there, so the two join without gap or overlap.
 * Everything is bounded; dropped records can be read again. Plain data: no timers, no network, no DOM.
 */

import { cursorOf } from '../../../protocol/ids.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { EventPage } from '../../../protocol/rest.ts';
import { areOfParcels, matches, parseSearch, type Term } from '../../../protocol/search.ts';
import { Ring, type RingLimits } from './ring.ts';
import { type Rows, wholeRows } from './rows.ts';
import { type Direction, type EdgeState, type PageRequest, SearchResults } from './search-results.ts';
import { pageOf, type SeqPage, SeqPages } from './seq-pages.ts';

/** Matches none. */
const noEvents: readonly Term[] = [{ field: 'is', value: 'never', exclude: false }];

/** Why the view is frozen. Only `paused` was the user's command, so only the user ends it. */
export type FreezeReason = 'paused' | 'scrolled' | 'reading';
export type Mode =
  | { readonly kind: 'following' }
  /** `at`: the head of the log when the view was frozen. */
  | { readonly kind: 'frozen'; readonly at: number; readonly why: FreezeReason };

export function isPaused(mode: Mode): boolean {
  return mode.kind === 'frozen' && mode.why === 'paused';
}

/** Whether a search hides what does not match, or highlights what does. */
export type SearchMode = 'filter' | 'highlight';

/** A time range, and the first and last seq in it. */
export interface Range {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly first: number;
  readonly last: number;
}

export interface WindowSnapshot {
  readonly mode: Mode;
  readonly search: string;
  readonly searchMode: SearchMode;
  readonly range: Range | undefined;
  readonly rows: Rows;
  /** The search is not answered yet: `rows` are the previous ones. */
  readonly isSearching: boolean;
  readonly older: EdgeState;
  readonly newer: EdgeState;
  /** Number of new records since the view was frozen; while filtering, of new matches. */
  readonly fresh: number;
  /** Number of records in the log, which is its last seq. */
  readonly total: number;
  /** Number of matches, if the hub has counted them. */
  readonly found: number | undefined;
}

const following: Mode = { kind: 'following' };
/** Recently shown rows stay available after the ring has dropped them. */
const seenMax = 1_024;

export class LogWindow {
  readonly #limits: RingLimits | undefined;
  readonly #results: SearchResults;
  readonly #pages = new SeqPages();
  readonly #seen = new Map<number, CapsRecord>();
  #epoch: string | undefined;
  #ring: Ring;
  #search = '';
  #searchMode: SearchMode = 'filter';
  #terms: readonly Term[] = [];
  #range: Range | undefined;
  #mode: Mode = following;
  /** Cached until they change, so that unchanged rows are not rendered again. */
  #rows: Rows | undefined;
  /** Shown until a search is answered. */
  #previousRows: Rows | undefined;
  #matching: number | undefined;
  /** Seq of the newest match that the hub has counted. */
  #countedTo = 0;

  constructor(limits?: { readonly ring: RingLimits; readonly rowsMax: number }) {
    this.#limits = limits?.ring;
    this.#ring = new Ring(0, this.#limits);
    this.#results = new SearchResults(limits?.rowsMax ?? 10_000);
  }

  get epoch(): string | undefined {
    return this.#epoch;
  }

  get mode(): Mode {
    return this.#mode;
  }

  get head(): number {
    return this.#ring.last;
  }

  /** Whether the rows are all records of a range, not the results of a search. */
  get isWhole(): boolean {
    return this.#terms.length === 0 || this.#searchMode === 'highlight';
  }

  snapshot(): WindowSnapshot {
    const { isWhole } = this;
    this.#rows ??= isWhole ? this.#wholeRows() : this.#results.rows();
    const frozenAt = this.#mode.kind === 'frozen' ? this.#mode.at : this.head;
    return {
      mode: this.#mode,
      search: this.#search,
      searchMode: this.#searchMode,
      range: this.#range,
      rows: this.#previousRows ?? this.#rows,
      isSearching: this.#previousRows !== undefined,
      older: isWhole ? 'none' : this.#results.older,
      newer: isWhole ? 'none' : this.#results.newer,
      fresh: isWhole ? this.head - frozenAt : this.#results.fresh,
      total: this.head,
      found: this.#matching,
    };
  }

  // ---- the log ----

  /** Starts with a log that ends at `head`. Drops all records but keeps the search. */
  start(epoch: string, head: number): void {
    this.#epoch = epoch;
    this.#ring = new Ring(head, this.#limits);
    this.#pages.clear();
    this.#seen.clear();
    this.#mode = following;
    this.#range = undefined;
    this.#restart();
  }

  /**
   * Appends live records, each once and in order. A gap is a bug of the client and throws.
   * @param damaged seqs of unreadable records among them; records before them are read as history
   */
  append(records: readonly CapsRecord[], damaged: readonly number[] = []): void {
    const isFollowing = this.#mode.kind === 'following';
    const last = damaged.at(-1) ?? 0;
    for (const record of records) {
      if (damaged.includes(record.seq - 1)) this.#ring = new Ring(record.seq - 1, this.#limits);
      this.#ring.append(record);
      if (this.#terms.length === 0 || !matches(record, this.#terms)) continue;
      if (this.#matching !== undefined && !this.#range && record.seq > this.#countedTo) this.#matching += 1;
      if (this.isWhole || this.#range) continue;
      this.#results.live(record, isFollowing);
      if (isFollowing) this.#rows = undefined;
    }
    if (last > this.#ring.last) this.#ring = new Ring(last, this.#limits);
    if (isFollowing && this.isWhole) this.#rows = undefined;
  }

  // ---- standing still ----

  /** @param at seq of the last record that the reader has seen; later ones are new */
  freeze(why: FreezeReason, at = this.head): void {
    if (this.#mode.kind === 'frozen') {
      if (this.#mode.why !== 'paused') this.#mode = { ...this.#mode, why };
      return;
    }
    this.#mode = { kind: 'frozen', at, why };
    this.#results.freeze(at);
    this.#rows = undefined;
  }

  /** Follows again. Records that were dropped meanwhile are read when the reader scrolls there. */
  resume(): void {
    if (this.#mode.kind === 'following') return;
    this.#mode = following;
    this.#rows = undefined;
    if (this.#range) {
      this.#range = undefined;
      this.#restart();
    } else if (!this.#results.resume()) {
      this.#restart();
    }
  }

  // ---- what is shown ----

  /** Searches the whole log up to now, also while frozen. */
  search(text: string, look = this.#searchMode): void {
    if (text === this.#search && look === this.#searchMode) return;
    this.#search = text;
    this.#searchMode = look;
    const terms = parseSearch(text);
    this.#terms = areOfParcels(terms) ? noEvents : terms;
    if (this.#mode.kind === 'frozen') this.#mode = { ...this.#mode, at: this.head };
    this.#restart();
  }

  /** Goes on showing these rows until the search is answered. */
  keepPreviousRows(rows: Rows): void {
    if (!this.isWhole) this.#previousRows = rows;
  }

  /** Stops showing the previous rows: the answer takes too long. */
  dropPreviousRows(): void {
    this.#previousRows = undefined;
  }

  /** Freezes the view on a time range. */
  choose(range: Range | undefined): void {
    this.freeze('scrolled');
    this.#range = range;
    this.#restart();
  }

  /** Moves the results to this seq, if they do not cover it; 0 is before the first record. */
  around(seq: number): void {
    this.freeze('scrolled');
    if (this.isWhole || this.#results.covers(seq)) return;
    this.#results.around(this.#epoch ?? '', seq, this.#first, this.#last);
    this.#rows = undefined;
    this.dropPreviousRows();
  }

  // ---- history: results ----

  /** @returns the next request for history; undefined if there is none or one is on its way */
  ask(way: Direction): PageRequest | undefined {
    if (this.isWhole) return undefined;
    return this.#results.ask(way, { search: this.#search, from: this.#range?.from, to: this.#range?.to });
  }

  answered(ask: PageRequest, page: EventPage): void {
    if (!this.#results.answered(ask, page, this.#last)) return;
    this.#rows = undefined;
    this.dropPreviousRows();
  }

  failed(ask: PageRequest): void {
    this.#results.failed(ask);
    this.dropPreviousRows();
  }

  /**
   * Takes the number of matches while highlighting.
   * @param upTo seq of the newest counted match; live records may have arrived before or after the count
   */
  counted(matching: number, upTo: number): void {
    this.#countedTo = upTo;
    this.#matching = matching;
    if (this.#range) return;
    for (let seq = Math.max(this.#ring.first, upTo + 1); seq <= this.#ring.last; seq += 1) {
      const record = this.#ring.at(seq);
      if (record && matches(record, this.#terms)) this.#matching += 1;
    }
  }

  // ---- history: the whole log ----

  /** The cursor before which history starts when the page opens. */
  get opening(): string {
    return cursorOf(this.#epoch ?? '', this.#ring.first);
  }

  /** Adds records before the ring, ascending. */
  prepend(records: readonly CapsRecord[]): void {
    this.#ring.prepend(records);
    this.#rows = undefined;
  }

  /** @returns the pages to load for rows from index `from` to `to`, exclusive */
  missing(from: number, to: number): number[] {
    if (!this.isWhole) return [];
    const pages = new Set<number>();
    const last = Math.min(this.#last, this.#first + to - 1);
    for (let seq = this.#first + Math.max(0, from); seq <= last; seq += 1) {
      if (!this.#recordOf(seq) && !this.#pages.isDamaged(seq)) pages.add(pageOf(seq));
    }
    return [...pages];
  }

  pageCame(page: number, read: SeqPage): void {
    this.#pages.put(page, read);
    this.#rows = undefined;
  }

  /** @returns seq of the next failure from `seq` on; `unknown` if not all records between are loaded */
  nextFailure(seq: number, step: 1 | -1): number | 'unknown' {
    if (!this.isWhole || !this.#ring.has(seq)) return 'unknown';
    const found = this.#ring.find('attempt-failed', seq, step);
    return found !== undefined && found <= this.#last ? found : 'unknown';
  }

  // ---- inside ----

  get #first(): number {
    return this.#range?.first ?? 1;
  }

  /** Seq of the last record that may be shown. */
  get #last(): number {
    const end = this.#mode.kind === 'frozen' ? this.#mode.at : this.head;
    return Math.min(end, this.#range?.last ?? end);
  }

  #wholeRows(): Rows {
    const isDamaged = (seq: number) => this.#pages.isDamaged(seq);
    return wholeRows(this.#first, this.#last, (seq) => this.#recordOf(seq), isDamaged);
  }

  #recordOf(seq: number): CapsRecord | undefined {
    const record = this.#seen.get(seq) ?? this.#ring.at(seq) ?? this.#pages.at(seq);
    if (!record) return undefined;
    this.#seen.delete(seq);
    this.#seen.set(seq, record);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > seenMax && oldest !== undefined) this.#seen.delete(oldest);
    return record;
  }

  /** Drops all results. */
  #restart(): void {
    this.#rows = undefined;
    this.dropPreviousRows();
    this.#matching = undefined;
    this.#countedTo = 0;
    // The hub refuses to look for what no event says.
    const [first, last] = this.#terms === noEvents ? [1, 0] : [this.#first, this.#last];
    this.#results.begin(this.#epoch ?? '', first, last);
  }
}
