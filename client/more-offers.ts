import type { Parcels, ParcelView } from '../protocol/messages.ts';
import type { Client } from './client.ts';

export interface MoreOffersParts {
  readonly client: Pick<Client, 'on' | 'offers'>;
  /** How many of what is on offer are known here, those included that are being taken. */
  known(): number;
  came(items: readonly ParcelView[]): void;
  /** They have all come: it may be that more are wanted. */
  changed(): void;
}

/**
 * Keeps a driver's offers from running dry. The hub sends the oldest ones, each new one, and how many there are of all;
 * what lies between is asked for when those that are known run out, page by page, and from the beginning again where
 * something was left out.
 */
export class MoreOffers {
  readonly #parts: MoreOffersParts;
  #ready: number | undefined;
  /** Where the last page ended; undefined: begin with the oldest. */
  #next: string | undefined;
  #isAsking = false;
  /** Known when what is asked for now began with the oldest. */
  #knownAtStart = 0;
  /** All that there is was read, and nothing was new: until the hub says more, it would be the same. */
  #isThrough = false;

  constructor(parts: MoreOffersParts) {
    this.#parts = parts;
    parts.client.on('parcels', (parcels) => this.#started(parcels));
    parts.client.on('events', ({ ready }) => {
      if (ready === undefined) return;
      this.#ready = ready;
      this.#isThrough = false;
    });
  }

  /** How many are on offer, those that are not known here as well. */
  get count(): number {
    return Math.max(this.#parts.known(), this.#ready ?? 0);
  }

  /** Asks for a page, if there are fewer here than wanted and more at the hub. To be called whenever that may be so. */
  want(here: number, wanted: number): void {
    if (here >= wanted || this.#isAsking || this.#isThrough) return;
    if (this.#ready === undefined || this.#parts.known() >= this.#ready) return;
    this.#isAsking = true;
    void this.#ask();
  }

  #started({ more, ready, next }: Parcels): void {
    if (more) return;
    this.#ready = ready;
    this.#next = next;
    this.#isThrough = false;
    this.#knownAtStart = 0;
  }

  async #ask(): Promise<void> {
    const { client, known, came, changed } = this.#parts;
    if (this.#next === undefined) this.#knownAtStart = known();
    const page = await client.offers(this.#next);
    if (page) {
      this.#ready = page.ready;
      this.#next = page.next;
      came(page.items);
      if (page.next === undefined) this.#isThrough = known() <= this.#knownAtStart;
    }
    this.#isAsking = false;
    // Otherwise the connection has ended, and the next one brings news.
    if (page) changed();
  }
}
