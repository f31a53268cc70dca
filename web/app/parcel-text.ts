import type { ParcelView } from '../../protocol/messages.ts';
import { parcelText } from '../../protocol/search.ts';

// Cached, because every key searches ten thousand orders.
const texts = new WeakMap<ParcelView, string>();

/** The text in which a search for words looks. */
export function searchTextOf(view: ParcelView): string {
  let text = texts.get(view);
  if (text === undefined) {
    text = parcelText(view);
    texts.set(view, text);
  }
  return text;
}
