/**
 * What the log page knows of the log, and the rows it shows of it.
 *
 *     hub ──live──▶ ring ─────────▶ whole: every record of a stretch, a row's place is arithmetic
 *                     │  pages ──┘         and what is not here is read when it comes into sight
 *                     └─matching─▶ found: what answers to the search, read from history page by page
 *
 * Following, the rows end at the newest record; frozen, at the record `at`, and the ring goes on filling behind.
 * Live begins where the hub's welcome says the log ends, and history is asked for before exactly that place: so
 * the two join without a gap and without an overlap to sort out. Everything here is bounded, and what was let
 * go is history again. Plain data: no timers, no network, no DOM.
 */

import { cursorOf } from '../../../protocol/ids.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { EventPage } from '../../../protocol/rest.ts';
import { matches, parseSearch, type Term } from '../../../protocol/search.ts';
import { Ring, type RingLimits } from './ring.ts';
import { type Rows, wholeRows } from './rows.ts';
import { type Direction, type EdgeState, type PageRequest, SearchResults } from './search-results.ts';
import { pageOf, type SeqPage, SeqPages } from './seq-pages.ts';

/** Why the view stands still. Only `paused` was asked for by name, so only that waits to be taken back by name. */
export type FreezeReason = 'paused' | 'scrolled' | 'reading';
export type Mode =
  | { readonly kind: 'following' }
  /** `at`: the log's last seq when the view was frozen. */
  | { readonly kind: 'frozen'; readonly at: number; readonly why: FreezeReason };

export function isPaused(mode: Mode): boolean {
  return mode.kind === 'frozen' && mode.why === 'paused';
}

/** Whether a search leaves out what does not answer to it, or marks what does. */
export type SearchMode = 'filter' | 'highlight';

/** A stretch of the log that was chosen by time: its moments, and the first and last seq between them. */
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
  /** They are those of before the search, whose answer is on its way. */
  readonly isSearching: boolean;
  readonly older: EdgeState;
  readonly newer: EdgeState;
  /** Records that came since the view was frozen; while filtering, those that match. */
  readonly fresh: number;
  /** How many records the log has: seq counts them. */
  readonly total: number;
  /** How many of them match, where the hub has counted them. */
  readonly found: number | undefined;
}

const following: Mode = { kind: 'following' };
/** Rows given out lately stay what they are, even where the ring has let go of them since. */
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
  /** As last given out, until they change: what has not changed need not be drawn again. */
  #rows: Rows | undefined;
  /** What is shown until a search is answered. */
  #previousRows: Rows | undefined;
  #matching: number | undefined;
  /** Of those that match, the newest that the hub has counted. */
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

  /** Rows are all records of a stretch, and not those that a search has found. */
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

  /** Begins with a log that ends at `head`; whatever was here is forgotten, but not what is searched for. */
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
   * Live records, each once and in order. A hole is a bug of the client, and nothing is shown that hides it.
   * @param damaged seqs among them that nobody can read: what was before is history from here on
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

  /** @param at the last record that the reader has seen; what has come since is new */
  freeze(why: FreezeReason, at = this.head): void {
    if (this.#mode.kind === 'frozen') {
      if (this.#mode.why !== 'paused') this.#mode = { ...this.#mode, why };
      return;
    }
    this.#mode = { kind: 'frozen', at, why };
    this.#results.freeze(at);
    this.#rows = undefined;
  }

  /** Follows again. What came meanwhile is shown; what is not here any more is history, one scroll away. */
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

  /** All of history up to now is searched, also while the view stands still. */
  search(text: string, look = this.#searchMode): void {
    if (text === this.#search && look === this.#searchMode) return;
    this.#search = text;
    this.#searchMode = look;
    this.#terms = parseSearch(text);
    if (this.#mode.kind === 'frozen') this.#mode = { ...this.#mode, at: this.head };
    this.#restart();
  }

  /** Shows these rows, which a search has made void, until it is answered. */
  keepPreviousRows(rows: Rows): void {
    if (!this.isWhole) this.#previousRows = rows;
  }

  /** The answer takes its time: what was there before is shown no longer. */
  dropPreviousRows(): void {
    this.#previousRows = undefined;
  }

  /** Shows a stretch of the log, which stands still. */
  choose(range: Range | undefined): void {
    this.freeze('scrolled');
    this.#range = range;
    this.#restart();
  }

  /** Makes sure that what is around this record can be read; 0 is before the first. */
  around(seq: number): void {
    this.freeze('scrolled');
    if (this.isWhole || this.#results.covers(seq)) return;
    this.#results.around(this.#epoch ?? '', seq, this.#first, this.#last);
    this.#rows = undefined;
    this.dropPreviousRows();
  }

  // ---- history: what was found ----

  /** What to ask history for; undefined where there is nothing to ask or it has been asked. */
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
   * How many match, where only that was asked for.
   * @param upTo seq of the newest of them: the answer may come before or after what is live since
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

  // ---- history: the whole ----

  /** Where history begins for a page that has just been opened, as a place. */
  get opening(): string {
    return cursorOf(this.#epoch ?? '', this.#ring.first);
  }

  /** What came before the ring, ascending. */
  prepend(records: readonly CapsRecord[]): void {
    this.#ring.prepend(records);
    this.#rows = undefined;
  }

  /** The pages that hold rows from index `from` to `to`, which is not among them, and are not here. */
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

  /** The next failure from `seq` on as far as the records between are here; `unknown` past them. */
  nextFailure(seq: number, step: 1 | -1): number | 'unknown' {
    if (!this.isWhole || !this.#ring.has(seq)) return 'unknown';
    const found = this.#ring.find('attempt-failed', seq, step);
    return found !== undefined && found <= this.#last ? found : 'unknown';
  }

  // ---- inside ----

  get #first(): number {
    return this.#range?.first ?? 1;
  }

  /** The last record that may be shown. */
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

  /** Everything found so far is void. */
  #restart(): void {
    this.#rows = undefined;
    this.dropPreviousRows();
    this.#matching = undefined;
    this.#countedTo = 0;
    this.#results.begin(this.#epoch ?? '', this.#first, this.#last);
  }
}
