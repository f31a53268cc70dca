/** Searches in a simulated world, and the check of their results. */

import { readCursor } from '../../protocol/ids.ts';
import type { CapsRecord } from '../../protocol/messages.ts';
import { parseSearch, passes, type RecordFilter } from '../../protocol/search.ts';
import type { EventsPage } from '../../server/hub/history.ts';
import type { Chance } from '../chance.ts';

export interface Search {
  readonly filter: RecordFilter;
  readonly limit: number;
}

interface SearchPage extends Search {
  /** The log's head before and after the search. */
  readonly heads: readonly [number, number];
  readonly seqs: readonly number[];
  /** Where the page ends: older matches are on the next pages. */
  readonly from: number;
}

const words = [
  'driver:driver-0',
  'driver:driver-1',
  'store:store-0',
  'order:1',
  'event:claimed',
  'long road',
];

export class Searches {
  readonly #found: SearchPage[] = [];
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  next(): Search {
    const text = this.#chance.pick([...words, `"customer ${this.#chance.int(1, 60)}"`]);
    return { filter: { terms: parseSearch(text) }, limit: this.#chance.int(1, 40) };
  }

  found(search: Search, heads: SearchPage['heads'], { items, prev }: EventsPage): void {
    const from = prev === null ? 1 : (readCursor(prev)?.seq ?? Number.NaN);
    this.#found.push({ ...search, heads, seqs: items.map(({ seq }) => seq), from });
  }

  get count(): number {
    return this.#found.length;
  }

  /** @param log at the end @returns a description of each search with a missing or a wrong result */
  wrong(log: readonly CapsRecord[]): string[] {
    return this.#found.flatMap(({ filter, limit, heads: [before, after], seqs, from }) => {
      const there = log
        .filter((record) => record.seq <= after && passes(record, filter))
        .map(({ seq }) => seq);
      // Records made during the search may be in the page.
      const ends = [before, ...there.filter((seq) => seq > before)];
      const isRight = ends.some((end) => {
        const newest = there.filter((seq) => seq >= from && seq <= end);
        return newest.length === seqs.length && newest.every((seq, i) => seq === seqs[i]);
      });
      // A page may be short; it is empty only at the end.
      const isPage = seqs.length <= limit && (seqs.length > 0 || from === 1);
      if (isRight && isPage) return [];
      const what = JSON.stringify(filter.terms);
      return [
        `${what}, ${limit} at most, up to ${before}–${after}, from ${from} on: found ${seqs}; there were ${there.slice(-limit)}`,
      ];
    });
  }
}
