/** Implements “Go to”: a number, a time or an order. */

import type { CapsRecord } from '../../../protocol/messages.ts';
import { matches, parseSearch, termValue } from '../../../protocol/search.ts';
import { readEvents, seqAt } from '../../dispatch/history.ts';
import { formatSearch } from '../../dispatch/search-text.ts';
import { filterWords } from '../../words/log-filter.ts';
import { parseDestination } from './destination.ts';
import { showInContext } from './finder.ts';
import type { LogStore } from './log-store.ts';

/** @returns a sentence that says why the text leads nowhere; undefined on success */
export async function goToDestination(store: LogStore, text: string): Promise<string | undefined> {
  const wanted = parseDestination(text, new Date());
  if (!wanted) return undefined;
  store.unsay();
  let problem: string | undefined;
  await store.ask(async (signal) => {
    switch (wanted.kind) {
      case 'seq':
        return goToNumber(store, wanted, signal);
      case 'time': {
        const seq = await seqAt(wanted.moment, signal);
        if (!signal.aborted) store.goTo(seq + 1);
        return;
      }
      case 'order': {
        const record = await latestOf(wanted.orderID, signal);
        if (signal.aborted) return;
        if (record) showInContext(store, record);
        else problem = filterWords().noOrder(wanted.orderID);
      }
    }
  });
  return problem;
}

/** Goes to the order, if one has this id, else to the seq: some shops use order ids such as `#1001`. */
async function goToNumber(
  store: LogStore,
  { seq, orderID }: { seq: number; orderID: string },
  signal: AbortSignal,
): Promise<void> {
  // Go there at once: the records may be loaded already.
  store.goTo(seq);
  const [ofOrder, page] = await Promise.all([
    latestOf(orderID, signal),
    readEvents({ after: String(Math.max(0, seq - 1)), limit: 1 }, signal),
  ]);
  if (signal.aborted) return;
  const record = page.items[0];
  if (ofOrder) showInContext(store, ofOrder);
  else if (record && (store.window.isWhole || matches(record, parseSearch(store.log.get().search)))) {
    store.select(record, 'middle');
  }
}

async function latestOf(orderID: string, signal: AbortSignal): Promise<CapsRecord | undefined> {
  const q = formatSearch([{ field: 'order', value: termValue('order', orderID), exclude: false }]);
  return (await readEvents({ q, limit: 1 }, signal)).items.at(-1);
}
