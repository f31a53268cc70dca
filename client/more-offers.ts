import type { Parcels, ParcelView } from '../protocol/messages.ts';
import type { Client } from './client.ts';

export interface MoreOffersParts {
  readonly client: Pick<Client, 'on' | 'offers'>;
  /** Number of offers known here, including those being claimed. */
  known(): number;
  came(items: readonly ParcelView[]): void;
  /** A page is complete, so the caller may want more. */
  changed(): void;
}

/**
 * Reads more offers for a driver when the known ones run out. The hub sends the oldest offers, each new one and the total
 * number. This class reads the ones in between, page by page, and starts over if some are still missing at the end.
 */
export class MoreOffers {
  readonly #parts: MoreOffersParts;
  #ready: number | undefined;
  /** `next` of the last page; undefined: begin with the oldest. */
  #next: string | undefined;
  #isAsking = false;
  /** Number of known offers when the current pass began. */
  #knownAtStart = 0;
  /** The last pass found nothing new: the next one waits until the hub reports a new number. */
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

  /** Number of parcels on offer, including those not known here. */
  get count(): number {
    return Math.max(this.#parts.known(), this.#ready ?? 0);
  }

  /** Reads a page if fewer offers are here than wanted and the hub has more. Call it after every change. */
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
    // Without a page the connection has ended, and the next one starts afresh.
    if (page) changed();
  }
}
