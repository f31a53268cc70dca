/**
 * What the log page knows of the log: the newest records, and the rows it shows.
 *
 *     hub ──live──▶ tail ──matching──▶ rows      following: every record that comes is also a row
 *                     │                  │       frozen: rows end at the record `at`; the tail goes on behind
 *     history ────────┴─────older────────┤
 *                           newer────────┘       only while frozen: rows that were let go at the lower end
 *
 * Live begins where the hub's welcome says the log ends, and history is asked for before exactly that place: so
 * the two join without a gap and without an overlap to sort out. Everything here is bounded, and what was let
 * go is history again. Plain data: no timers, no network, no DOM.
 */

import { assert } from '../../../protocol/errors.ts';
import { cursorOf, readCursor } from '../../../protocol/ids.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { matches, parseSearch, type Term } from '../../../protocol/search.ts';
import { Tail } from './tail.ts';

/** Why the view stands still. Only `paused` was asked for by name, so only that waits to be taken back by name. */
export type FreezeReason = 'paused' | 'scrolled' | 'reading';
export type Mode =
  | { readonly kind: 'following' }
  /** `at`: the log's last seq when the view was frozen. */
  | { readonly kind: 'frozen'; readonly at: number; readonly why: FreezeReason };

/** What lies beyond the first or the last row. */
export type Edge = 'more' | 'loading' | 'failed' | 'none';
export type Way = 'older' | 'newer';

/** A question to history. */
export interface Ask {
  readonly way: Way;
  readonly place: string;
  readonly search: string;
}

/** History's answer: ascending records, and the places where it goes on. */
export interface HistoryPage {
  readonly items: readonly CapsRecord[];
  readonly next: string | null;
  readonly prev: string | null;
}

export interface WindowSnapshot {
  readonly mode: Mode;
  readonly search: string;
  /** Ascending by seq. */
  readonly rows: readonly CapsRecord[];
  readonly older: Edge;
  readonly newer: Edge;
  /** Matching records that came since the view was frozen. */
  readonly fresh: number;
  /** How many records the log has: seq counts them. */
  readonly total: number;
}

export interface WindowLimits {
  readonly tailMax: number;
  readonly rowsMax: number;
}

const following: Mode = { kind: 'following' };

/** One end of the rows. Made anew whenever that end moves, so that the answer to an older question is void. */
interface Beyond {
  edge: Edge;
  readonly place: string;
  asked?: Ask;
}

const nothing: Beyond = { edge: 'none', place: '' };

export class LogWindow {
  readonly #limits: WindowLimits;
  #epoch: string | undefined;
  #tail: Tail;
  #search = '';
  #terms: readonly Term[] = [];
  #mode: Mode = following;
  #rows: CapsRecord[] = [];
  #older = nothing;
  #newer = nothing;
  #fresh = 0;
  /** The rows as last given out, until they change: what has not changed need not be drawn again. */
  #shown: readonly CapsRecord[] | undefined;

  constructor(limits: WindowLimits = { tailMax: 5_000, rowsMax: 10_000 }) {
    this.#limits = limits;
    this.#tail = new Tail(limits.tailMax, 0);
  }

  get epoch(): string | undefined {
    return this.#epoch;
  }

  get mode(): Mode {
    return this.#mode;
  }

  snapshot(): WindowSnapshot {
    this.#shown ??= this.#rows.slice();
    return {
      mode: this.#mode,
      search: this.#search,
      rows: this.#shown,
      older: this.#older.edge,
      newer: this.#newer.edge,
      fresh: this.#fresh,
      total: this.#tail.last,
    };
  }

  // ---- the log ----

  /** Begins with a log that ends at `head`; whatever was here is forgotten, but not what is searched for. */
  start(epoch: string, head: number): void {
    this.#epoch = epoch;
    this.#tail = new Tail(this.#limits.tailMax, head);
    this.#mode = following;
    this.#fresh = 0;
    this.#rowsFromTail();
  }

  /** Live records, each once and in order. A hole is a bug of the client, and nothing is shown that hides it. */
  append(records: readonly CapsRecord[]): void {
    for (const record of records) {
      this.#tail.append(record);
      if (!matches(record, this.#terms)) continue;
      if (this.#mode.kind === 'frozen') this.#fresh += 1;
      else this.#push(record);
    }
  }

  // ---- standing still ----

  freeze(why: FreezeReason): void {
    const at = this.#mode.kind === 'frozen' ? this.#mode.at : this.#tail.last;
    if (this.#mode.kind === 'frozen' && (this.#mode.why === 'paused' || this.#mode.why === why)) return;
    this.#mode = { kind: 'frozen', at, why };
  }

  /** Follows again. What came meanwhile is shown; what the tail has let go of is history, one scroll away. */
  resume(): void {
    if (this.#mode.kind === 'following') return;
    const { at } = this.#mode;
    this.#mode = following;
    this.#fresh = 0;
    const joins = this.#newer.edge === 'none' && this.#tail.first <= at + 1;
    if (!joins) {
      this.#rowsFromTail();
      return;
    }
    for (const record of this.#tail.between(at + 1, this.#tail.last)) {
      if (matches(record, this.#terms)) this.#push(record);
    }
  }

  // ---- what is shown ----

  search(text: string): void {
    if (text === this.#search) return;
    this.#search = text;
    this.#terms = parseSearch(text);
    this.#rowsFromTail();
  }

  /** Shows the log from its beginning. */
  toOldest(): void {
    this.freeze('scrolled');
    if (this.#older.edge === 'none') return;
    this.#shown = undefined;
    this.#rows = [];
    this.#older = nothing;
    this.#newer = this.#more(0);
  }

  // ---- history ----

  /** What to ask history for; undefined where there is nothing to ask or it has been asked. */
  ask(way: Way): Ask | undefined {
    const beyond = this.#beyond(way);
    if (beyond.edge !== 'more' && beyond.edge !== 'failed') return undefined;
    beyond.edge = 'loading';
    beyond.asked = { way, place: beyond.place, search: this.#search };
    return beyond.asked;
  }

  answered(ask: Ask, page: HistoryPage): void {
    if (this.#beyond(ask.way).asked !== ask) return;
    this.#shown = undefined;
    if (ask.way === 'older') this.#olderCame(ask, page);
    else this.#newerCame(ask, page);
  }

  failed(ask: Ask): void {
    const beyond = this.#beyond(ask.way);
    if (beyond.asked === ask) beyond.edge = 'failed';
  }

  #olderCame({ place }: Ask, { items, prev }: HistoryPage): void {
    const last = items.at(-1);
    const first = this.#rows[0];
    assert(!last || !first || last.seq < first.seq, `older record ${last?.seq} is before ${first?.seq}`);
    if (this.#terms.length === 0) this.#tail.prepend(items);
    this.#rows.unshift(...items);
    this.#older = beyondOf(prev, place);
    if (this.#mode.kind === 'frozen') this.#letNewerGo();
    else this.#letOlderGo();
  }

  #newerCame({ place }: Ask, { items, next }: HistoryPage): void {
    const end = this.#mode.kind === 'frozen' ? this.#mode.at : this.#tail.last;
    const first = items[0];
    const last = this.#rows.at(-1);
    assert(!last || !first || last.seq < first.seq, `newer record ${first?.seq} is after ${last?.seq}`);
    this.#rows.push(...items.filter(({ seq }) => seq <= end));
    const reached = Math.max(items.at(-1)?.seq ?? 0, readCursor(next ?? '')?.seq ?? 0);
    this.#newer = beyondOf(reached >= end ? null : next, place);
    this.#letOlderGo();
  }

  #letNewerGo(): void {
    if (this.#rows.length <= this.#limits.rowsMax) return;
    this.#rows.length = this.#limits.rowsMax;
    this.#newer = this.#more(this.#rows.at(-1)?.seq ?? 0);
  }

  #letOlderGo(): void {
    if (this.#rows.length <= this.#limits.rowsMax) return;
    this.#rows = this.#rows.slice(-this.#limits.rowsMax);
    this.#older = this.#more(this.#rows[0]?.seq ?? 0);
  }

  #push(record: CapsRecord): void {
    this.#shown = undefined;
    this.#rows.push(record);
    // In steps, so that a long list is not copied for every record.
    if (this.#rows.length > this.#limits.rowsMax * 1.2) this.#letOlderGo();
  }

  /** The rows anew, out of what is at hand; the rest is history. */
  #rowsFromTail(): void {
    this.#shown = undefined;
    const end = this.#mode.kind === 'frozen' ? this.#mode.at : this.#tail.last;
    const isShown = (record: CapsRecord) => matches(record, this.#terms);
    this.#rows = this.#tail.between(this.#tail.first, end).filter(isShown);
    this.#fresh = this.#tail.between(end + 1, this.#tail.last).filter(isShown).length;
    const from = Math.min(this.#tail.first, end + 1);
    this.#older = from > 1 ? this.#more(from) : nothing;
    this.#newer = nothing;
  }

  #beyond(way: Way): Beyond {
    return way === 'older' ? this.#older : this.#newer;
  }

  #more(seq: number): Beyond {
    return { edge: 'more', place: cursorOf(this.#epoch ?? '', seq) };
  }
}

/** A place that does not move on is the end, whatever else it claims. */
function beyondOf(place: string | null, before: string): Beyond {
  return place === null || place === before ? nothing : { edge: 'more', place };
}
