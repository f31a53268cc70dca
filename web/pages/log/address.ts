/** What of the page is in its address, so that a reload or a copied link shows the same. */

import { isInCalendar } from '../../app/calendar.ts';
import type { SearchMode } from './log-window.ts';

export interface Address {
  readonly search: string;
  readonly searchMode: SearchMode;
  /** ISO 8601. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Seq of the row that is read; undefined while the newest are followed. */
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

/** @param href the page's address as it is; what is not of the log's stays */
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
    // The same is always the same address, whatever came first.
    url.searchParams.delete(name);
    if (value !== undefined) url.searchParams.append(name, value);
  }
  return url.href;
}

function momentIn(text: string | null): string | undefined {
  const time = isInCalendar(text ?? '') ? Date.parse(text ?? '') : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Browsers refuse addresses that change all the time. */
const everyMs = 400;

/** Writes the address of what is shown into the browser's bar. */
export class AddressKeeper {
  readonly #take: () => Address;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(take: () => Address) {
    this.#take = take;
  }

  /** It may be another one now. */
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
