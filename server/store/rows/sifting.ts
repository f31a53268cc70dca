/**
 * Filters records of the log. Like a list (`lists.ts`), a generator: it yields the range that it needs, and is resumed
 * with that page of the scope, damaged places included.
 */

import { ownTimeOf } from '../../../protocol/own-time.ts';
import { passes } from '../../../protocol/search.ts';
import type { Row } from '../row.ts';
import { answerSizeMax, type Page, type Range, type SiftPage, type SiftQuery } from '../store.ts';
import type { Budget } from './budget.ts';
import { standing } from './pages.ts';
import { mayAnswer } from './stored-text.ts';

/** Rows per step, and characters of their texts. */
const stepBounds = { limit: 100, sizeMax: 128 * 1024 } as const;

/** Sifts with pages that are read at once. */
export function sift(
  wanted: SiftQuery,
  read: (range: Range) => Omit<Page, 'head'>,
  budget: Budget,
): SiftPage {
  const steps = siftSteps(wanted, budget);
  let step = steps.next();
  while (!step.done) step = steps.next(read(step.value));
  return step.value;
}

export function* siftSteps(
  wanted: SiftQuery,
  budget: Budget,
): Generator<Range, SiftPage, Omit<Page, 'head'>> {
  const { scope, low, high, forwards, limit, bytes = answerSizeMax } = wanted;
  const mayFit = mayAnswer(wanted.filter.terms);
  const rows: Row[] = [];
  const damaged: number[] = [];
  const sifted = (place: number | undefined): SiftPage =>
    damaged.length === 0 ? { rows, place } : { rows, place, damaged };
  let place = forwards ? low : high + 1;
  for (let looked = 0, size = 0, sent = 0; ; ) {
    const page = yield forwards ? { after: place, ...stepBounds } : { before: place, ...stepBounds };
    const found = standing(scope.kind, page);
    for (const { place: at, row } of forwards ? found : found.reverse()) {
      if (forwards ? at > high : at <= low) return sifted(undefined);
      place = at;
      looked += 1;
      if (!row) {
        damaged.push(at);
        continue;
      }
      size += row.text.length;
      if (!mayFit(row.text) || !answers(row, wanted)) continue;
      rows.push(row);
      sent += Buffer.byteLength(row.text);
      if (rows.length === limit || sent >= bytes) return sifted(place);
    }
    if (!page.more) return sifted(undefined);
    if (budget.isSpent(looked, size)) return sifted(place);
  }
}

/** Whether a record of the scope matches the query. */
export function answers(row: Row, { driver, filter, from, to }: SiftQuery): boolean {
  if (driver !== undefined && !row.drivers.includes(driver)) return false;
  const { event, terms } = filter;
  const isTimed = from !== undefined || to !== undefined;
  if (event === undefined && terms.length === 0 && !isTimed) return true;
  const record = row.recordAs(row.seq);
  if (!passes(record, filter)) return false;
  if (!isTimed) return true;
  const own = ownTimeOf(record);
  return own >= (from ?? -Infinity) && own <= (to ?? Infinity);
}
