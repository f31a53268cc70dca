/** Goes to what a reader asks for, here or with the hub's help. */

import type { CapsRecord } from '../../../protocol/messages.ts';
import { matches, parseSearch, termValue } from '../../../protocol/search.ts';
import { logWords } from '../../words/log.ts';
import { readEvents, readParcel, seqAt } from './history.ts';
import type { LogStore } from './log-store.ts';
import { readPlace } from './place-text.ts';
import { formatSearch } from './search-text.ts';

type Step = 1 | -1;

const turns = new WeakMap<LogStore, Promise<void>>();

/** A key that is pressed twice goes two steps: the second begins where the first has led. */
function inTurn(store: LogStore, step: () => Promise<void>): Promise<void> {
  const turn = (turns.get(store) ?? Promise.resolve()).then(step);
  turns.set(store, turn);
  return turn;
}

export function toOldest(store: LogStore): void {
  store.goTo(store.log.get().range?.first ?? 1);
}

/** Drops the filters and shows what happened around this record. */
export function seeInContext(store: LogStore, record: CapsRecord): void {
  store.clearFilters();
  store.select(record, 'middle');
}

/** The next or the previous failed attempt; while filtering, among what is found. */
export function toFailure(store: LogStore, step: Step): Promise<void> {
  return inTurn(store, () => stepToFailure(store, step));
}

function stepToFailure(store: LogStore, step: Step): Promise<void> {
  const { rows } = store.log.get();
  const near = store.window.nextFailure(store.place, step);
  const record = near === 'unknown' ? undefined : rows.at(rows.indexOf(near));
  if (record) {
    store.select(record, 'middle');
    return Promise.resolve();
  }
  const { noLaterFailure, noEarlierFailure } = logWords().found;
  const none = step === 1 ? noLaterFailure : noEarlierFailure;
  return stepToMatch(store, step, 'event:attempt-failed', none);
}

/** The next or the previous record that answers to the search and to `q`. */
export function toMatch(store: LogStore, step: Step, q: string, none: string): Promise<void> {
  return inTurn(store, () => stepToMatch(store, step, q, none));
}

function stepToMatch(store: LogStore, step: Step, q: string, none: string): Promise<void> {
  return store.ask(async (signal) => {
    const { search, range } = store.log.get();
    const place = { [step === 1 ? 'after' : 'before']: String(store.place) };
    const wanted = store.window.isWhole ? q : `${search} ${q}`;
    const { items } = await readEvents(
      { ...place, q: wanted, from: range?.from, to: range?.to, limit: 1 },
      signal,
    );
    if (signal.aborted) return;
    const [record] = items;
    if (record) store.select(record, 'middle');
    else store.say(none);
  });
}

/** The next or the previous record of the parcel that is selected; while filtering, among what is found. */
export function toSameParcel(store: LogStore, step: Step): Promise<void> {
  return inTurn(store, () => stepToSameParcel(store, step));
}

function stepToSameParcel(store: LogStore, step: Step): Promise<void> {
  const { selected, search } = store.log.get();
  const words = logWords().found;
  if (!selected) {
    store.say(words.selectFirst);
    return Promise.resolve();
  }
  return store.ask(async (signal) => {
    const { records } = await readParcel(selected.payload, signal);
    if (signal.aborted) return;
    const terms = store.window.isWhole ? [] : parseSearch(search);
    const isWanted = (record: CapsRecord) => (record.seq - selected.seq) * step > 0 && matches(record, terms);
    const found = step === 1 ? records.find(isWanted) : records.findLast(isWanted);
    if (found) store.select(found, 'middle');
    else store.say(step === 1 ? words.noLaterOfParcel : words.noEarlierOfParcel);
  });
}

/**
 * A number, a time or an order, as it was written.
 * @returns why it led nowhere, in a sentence
 */
export async function toPlace(store: LogStore, text: string): Promise<string | undefined> {
  const wanted = readPlace(text, new Date());
  if (!wanted) return undefined;
  store.unsay();
  let problem: string | undefined;
  await store.ask(async (signal) => {
    switch (wanted.kind) {
      case 'seq':
        return toNumber(store, wanted, signal);
      case 'time': {
        const seq = await seqAt(wanted.moment, signal);
        if (!signal.aborted) store.goTo(seq + 1);
        return;
      }
      case 'order': {
        const record = await latestOf(wanted.orderID, signal);
        if (signal.aborted) return;
        if (record) seeInContext(store, record);
        else problem = logWords().found.noOrder(wanted.orderID);
      }
    }
  });
  return problem;
}

/** Some shops' orders are called `#1001`: who writes that means the order, where there is one. */
async function toNumber(
  store: LogStore,
  { seq, orderID }: { seq: number; orderID: string },
  signal: AbortSignal,
): Promise<void> {
  // What has been read already can be gone to without the hub.
  store.goTo(seq);
  const [ofOrder, page] = await Promise.all([
    latestOf(orderID, signal),
    readEvents({ after: String(Math.max(0, seq - 1)), limit: 1 }, signal),
  ]);
  if (signal.aborted) return;
  const record = page.items[0];
  if (ofOrder) seeInContext(store, ofOrder);
  else if (record && (store.window.isWhole || matches(record, parseSearch(store.log.get().search)))) {
    store.select(record, 'middle');
  }
}

async function latestOf(orderID: string, signal: AbortSignal): Promise<CapsRecord | undefined> {
  const q = formatSearch([{ field: 'order', value: termValue('order', orderID), exclude: false }]);
  return (await readEvents({ q, limit: 1 }, signal)).items.at(-1);
}
