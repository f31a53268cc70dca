/** Searches in a simulated world, and whether what they found was what there was. */

import { readCursor } from '../../protocol/ids.ts';
import type { CapsRecord } from '../../protocol/messages.ts';
import { parseSearch, passes, type RecordFilter } from '../../protocol/search.ts';
import type { EventsPage } from '../../server/hub/history.ts';
import type { Chance } from '../chance.ts';

export interface Search {
  readonly filter: RecordFilter;
  readonly limit: number;
}

interface Found extends Search {
  /** Of the log, before and after. */
  readonly heads: readonly [number, number];
  readonly seqs: readonly number[];
  /** Where the page says that it ends: every older one is on the next pages. */
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
  readonly #found: Found[] = [];
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  next(): Search {
    const text = this.#chance.pick([...words, `"customer ${this.#chance.int(1, 60)}"`]);
    return { filter: { terms: parseSearch(text) }, limit: this.#chance.int(1, 40) };
  }

  found(search: Search, heads: Found['heads'], { items, prev }: EventsPage): void {
    const from = prev === null ? 1 : (readCursor(prev)?.seq ?? Number.NaN);
    this.#found.push({ ...search, heads, seqs: items.map(({ seq }) => seq), from });
  }

  get count(): number {
    return this.#found.length;
  }

  /** @param log as it is at the end @returns searches that left something out, or found what does not pass: in words */
  wrong(log: readonly CapsRecord[]): string[] {
    return this.#found.flatMap(({ filter, limit, heads: [before, after], seqs, from }) => {
      const there = log
        .filter((record) => record.seq <= after && passes(record, filter))
        .map(({ seq }) => seq);
      // What was recorded while it was under way may be in the page.
      const ends = [before, ...there.filter((seq) => seq > before)];
      const isRight = ends.some((end) => {
        const newest = there.filter((seq) => seq >= from && seq <= end);
        return newest.length === seqs.length && newest.every((seq, i) => seq === seqs[i]);
      });
      // What takes long is answered with what there is: a page may be short, and has none only at the end.
      const isPage = seqs.length <= limit && (seqs.length > 0 || from === 1);
      if (isRight && isPage) return [];
      const what = JSON.stringify(filter.terms);
      return [
        `${what}, ${limit} at most, up to ${before}–${after}, from ${from} on: found ${seqs}; there were ${there.slice(-limit)}`,
      ];
    });
  }
}
