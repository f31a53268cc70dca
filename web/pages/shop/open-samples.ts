/** The sample orders that this browser made, so that a shop that begins to work for real can be rid of them. */

import type { Status } from '../../../protocol/events.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import { safeLocalStorage } from '../../app/safe-storage.ts';

/** The latest ones; a night of samples is more, and most of them are delivered by then. */
const keptMax = 1_000;
const samplesPlace = (store: string) => `samples.${store}`;

/** They may still be cancelled by their shop: nobody carries them. */
const cancellable: readonly Status[] = ['ready', 'claimed'];

/** @returns those of the samples that can still be cancelled */
export function cancellableAmong(
  samples: readonly string[],
  orders: readonly { readonly view: ParcelView }[],
): readonly string[] {
  const known = new Set(samples);
  return orders
    .filter(({ view }) => known.has(view.payload.orderID) && cancellable.includes(view.status))
    .map(({ view }) => view.payload.orderID);
}

/** @returns their ids, the oldest first */
export function ownSamples(store: string): readonly string[] {
  return safeLocalStorage.read(samplesPlace(store))?.split('\n') ?? [];
}

/** The hub has made an order of a sample. */
export function noteSample(store: string, orderID: string): void {
  const ids = [...ownSamples(store), orderID].slice(-keptMax);
  safeLocalStorage.write(samplesPlace(store), ids.join('\n'));
}

/** They were offered once. */
export function forgetSamples(store: string): void {
  safeLocalStorage.forget(samplesPlace(store));
}
