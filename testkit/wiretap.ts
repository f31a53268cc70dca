/**
 * Canary words for the isolation proof: every text sent to its hub contains the word of its parcel, and all output is
 * searched for words that its reader must not get.
 */

/** The reader at the end of a line. */
export type Party =
  | { readonly kind: 'store'; readonly store: number }
  | { readonly kind: 'driver'; readonly driver: number }
  | { readonly kind: 'customer'; readonly store: number; readonly parcel: number }
  /** Asks what anybody may ask. */
  | { readonly kind: 'anybody' };

/** A parcel's word. Parcel 0 is the store itself. */
export function wordOf(store: number, parcel: number): string {
  return `cnry${String(store).padStart(3, '0')}p${String(parcel).padStart(6, '0')}`;
}

/** The word of events in this driver's hands. */
export function handsWordOf(driver: number): string {
  return `hands${String(driver).padStart(3, '0')}h`;
}

const words = /cnry(\d{3})p(\d{6})|hands(\d{3})h/g;
/** Longer than any word, which may be cut in two. */
const wordMax = 16;
/** Seqs in a store's messages, which must be the store's own. */
const places = /(?:"(?:seq|upTo|prev|head)":|\b[0-9a-f]{12}(?:-[0-9a-f]{8})?\.)(\d+)/g;

/** A reader's findings over all its connections. */
interface HeardSeqs {
  own: number;
  highest: number;
}

export class Wiretap {
  bytes = 0;
  foreign = 0;
  /** The first foreign words, and where each was found. */
  readonly examples: string[] = [];
  readonly #heard = new Map<string, HeardSeqs>();

  /** @returns takes a connection's or an answer's output in order */
  on(party: Party, where: string): (text: string) => void {
    const name = partyName(party);
    const heard = this.#heard.get(name) ?? { own: 0, highest: 0 };
    this.#heard.set(name, heard);
    let tail = '';
    return (text) => {
      this.bytes += text.length;
      const whole = tail + text;
      for (const match of whole.matchAll(words)) {
        // The overlap contained the whole word, which is already counted.
        if (match.index + match[0].length <= tail.length) continue;
        if (isOwn(party, match)) heard.own += 1;
        else this.#isForeign(match[0], name, where);
      }
      for (const [, place] of text.matchAll(places)) heard.highest = Math.max(heard.highest, Number(place));
      tail = whole.slice(-wordMax);
    };
  }

  /** How many of its own words a reader heard, and the highest seq. */
  heardBy(party: Party): HeardSeqs {
    return this.#heard.get(partyName(party)) ?? { own: 0, highest: 0 };
  }

  #isForeign(word: string, name: string, where: string): void {
    this.foreign += 1;
    if (this.examples.length < 5) this.examples.push(`${name} heard ${word} by ${where}`);
  }
}

function partyName(party: Party): string {
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
      // A driver's word on its own parcels; on others' the parcel's word would come with it.
      return hands !== undefined || Number(store) === party.store;
    case 'driver':
      // Every parcel was on offer, so all drivers may read its order, but not what became of it.
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
