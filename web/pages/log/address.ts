/** The part of the page's state that is in its address, so that a reload or a copied link restores it. */

import { isInCalendar } from '../../app/calendar.ts';
import type { SearchMode } from './log-window.ts';

export interface Address {
  readonly search: string;
  readonly searchMode: SearchMode;
  /** ISO 8601. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Seq of the row being read; undefined while following. */
  readonly at: number | undefined;
}

export function readAddress(text: string): Address {
  const query = new URLSearchParams(text);
  const at = Number(query.get('at'));
  return {
    search: query.get('q') ?? '',
    searchMode: query.get('look') === 'highlight' ? 'highlight' : 'filter',
    from: momentIn(query.get('from')),
    to: momentIn(query.get('to')),
    at: Number.isSafeInteger(at) && at > 0 ? at : undefined,
  };
}

/** @param href the page's current address; foreign parameters stay */
export function withAddress(href: string, { search, searchMode, from, to, at }: Address): string {
  const url = new URL(href);
  const values = {
    q: search === '' ? undefined : search,
    look: searchMode === 'filter' ? undefined : searchMode,
    from,
    to,
    at: at === undefined ? undefined : String(at),
  };
  for (const [name, value] of Object.entries(values)) {
    // Delete first, so that the parameters always have the same order.
    url.searchParams.delete(name);
    if (value !== undefined) url.searchParams.append(name, value);
  }
  return url.href;
}

function momentIn(text: string | null): string | undefined {
  const time = isInCalendar(text ?? '') ? Date.parse(text ?? '') : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Browsers limit how often a page may change its address. */
const everyMs = 400;

/** Keeps the browser's address bar up to date. */
export class AddressKeeper {
  readonly #take: () => Address;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(take: () => Address) {
    this.#take = take;
  }

  /** Schedules an update. */
  touch(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const href = withAddress(location.href, this.#take());
      if (href !== location.href) history.replaceState(history.state, '', href);
    }, everyMs);
  }

  /** Safe to call twice. */
  close(): void {
    clearTimeout(this.#timer);
  }
}
