/** Goes to records that the reader asks for: among the loaded ones, or by asking the hub. */

import type { CapsRecord } from '../../../protocol/messages.ts';
import { matches, parseSearch } from '../../../protocol/search.ts';
import { readEvents, readParcel } from '../../dispatch/history.ts';
import { logWords } from '../../words/log.ts';
import type { LogStore } from './log-store.ts';

type Step = 1 | -1;

const turns = new WeakMap<LogStore, Promise<void>>();

/** Runs steps one after the other: a key pressed twice goes two steps. */
function inTurn(store: LogStore, step: () => Promise<void>): Promise<void> {
  const turn = (turns.get(store) ?? Promise.resolve()).then(step);
  turns.set(store, turn);
  return turn;
}

export function goToOldest(store: LogStore): void {
  store.goTo(store.log.get().range?.first ?? 1);
}

/** Clears the filters and shows the records around this one. */
export function showInContext(store: LogStore, record: CapsRecord): void {
  store.clearFilters();
  store.select(record, 'middle');
}

/** Goes to the next or previous failed attempt; while filtering, among the results. */
export function goToFailure(store: LogStore, step: Step): Promise<void> {
  return inTurn(store, () => stepToFailure(store, step));
}

function stepToFailure(store: LogStore, step: Step): Promise<void> {
  const { rows } = store.log.get();
  const near = store.window.nextFailure(store.position, step);
  const record = near === 'unknown' ? undefined : rows.at(rows.indexOf(near));
  if (record) {
    store.select(record, 'middle');
    return Promise.resolve();
  }
  const { noLaterFailure, noEarlierFailure } = logWords().found;
  const none = step === 1 ? noLaterFailure : noEarlierFailure;
  return stepToMatch(store, step, 'event:attempt-failed', none);
}

/** Goes to the next or previous record that matches `q` and, while filtering, the search. */
export function goToMatch(store: LogStore, step: Step, q: string, none: string): Promise<void> {
  return inTurn(store, () => stepToMatch(store, step, q, none));
}

function stepToMatch(store: LogStore, step: Step, q: string, none: string): Promise<void> {
  return store.ask(async (signal) => {
    const { search, range } = store.log.get();
    const place = { [step === 1 ? 'after' : 'before']: String(store.position) };
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

/** Goes to the next or previous record of the selected parcel; while filtering, among the results. */
export function goToSameParcel(store: LogStore, step: Step): Promise<void> {
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
