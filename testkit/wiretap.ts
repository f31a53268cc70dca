/**
 * Canary words and who may hear them: every text that goes into the isolation proof's hub carries the word of its
 * parcel, and every byte that comes out is searched for words that are not its reader's.
 */

/** Who is at the end of a line. */
export type Party =
  | { readonly kind: 'store'; readonly store: number }
  | { readonly kind: 'driver'; readonly driver: number }
  | { readonly kind: 'customer'; readonly store: number; readonly parcel: number }
  /** Somebody who asks what anybody may ask. */
  | { readonly kind: 'anybody' };

/** A parcel's word. Parcel 0 stands for the store itself. */
export function wordOf(store: number, parcel: number): string {
  return `cnry${String(store).padStart(3, '0')}p${String(parcel).padStart(6, '0')}`;
}

/** The word of what happens to a parcel in this driver's hands. */
export function handsWordOf(driver: number): string {
  return `hands${String(driver).padStart(3, '0')}h`;
}

const words = /cnry(\d{3})p(\d{6})|hands(\d{3})h/g;
/** Longer than any word: it may have been cut in two. */
const wordMax = 16;
/** Where a store is told of a place, it is a place among its own records. */
const places = /(?:"(?:seq|upTo|prev|head)":|\b[0-9a-f]{12}(?:-[0-9a-f]{8})?\.)(\d+)/g;

/** What one of them has heard, through all of their connections. */
interface Heard {
  own: number;
  highest: number;
}

export class Wiretap {
  bytes = 0;
  foreign = 0;
  /** The first foreign words, each with where it came. */
  readonly examples: string[] = [];
  readonly #heard = new Map<string, Heard>();

  /** @returns takes what comes on one connection or in one answer, in its order */
  on(party: Party, where: string): (text: string) => void {
    const name = nameOf(party);
    const heard = this.#heard.get(name) ?? { own: 0, highest: 0 };
    this.#heard.set(name, heard);
    let tail = '';
    return (text) => {
      this.bytes += text.length;
      const whole = tail + text;
      for (const match of whole.matchAll(words)) {
        // It was whole already in what came before.
        if (match.index + match[0].length <= tail.length) continue;
        if (isOwn(party, match)) heard.own += 1;
        else this.#isForeign(match[0], name, where);
      }
      for (const [, place] of text.matchAll(places)) heard.highest = Math.max(heard.highest, Number(place));
      tail = whole.slice(-wordMax);
    };
  }

  /** How many words somebody heard that were theirs, and the highest place that they were told of. */
  heardBy(party: Party): Heard {
    return this.#heard.get(nameOf(party)) ?? { own: 0, highest: 0 };
  }

  #isForeign(word: string, name: string, where: string): void {
    this.foreign += 1;
    if (this.examples.length < 5) this.examples.push(`${name} heard ${word} by ${where}`);
  }
}

function nameOf(party: Party): string {
  switch (party.kind) {
    case 'store':
      return `store ${party.store}`;
    case 'driver':
      return `driver ${party.driver}`;
    case 'customer':
      return `customer of ${party.store}/${party.parcel}`;
    case 'anybody':
      return 'anybody';
  }
}

function isOwn(party: Party, [, store, parcel, hands]: RegExpMatchArray): boolean {
  switch (party.kind) {
    case 'store':
      // The hands of its own parcels; of others' the parcel's word would come with it.
      return hands !== undefined || Number(store) === party.store;
    case 'driver':
      // Every parcel was on offer once, and its order is read by all drivers. What came of it is not.
      return hands === undefined || Number(hands) === party.driver;
    case 'customer':
      return (
        hands !== undefined ||
        (Number(store) === party.store && (Number(parcel) === party.parcel || Number(parcel) === 0))
      );
    case 'anybody':
      return false;
  }
}
