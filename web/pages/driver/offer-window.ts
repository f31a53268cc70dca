import type { Client } from '../../../client/client.ts';
import { MoreOffers } from '../../../client/more-offers.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import type { Offers } from './offers.ts';

/** The page draws this many offers at first, and this many more on each request. */
const pageSize = 50;
/** The page keeps this many offers and reads later ones again when it needs them. */
const offersMax = 1_000;

interface OfferWindowParts {
  readonly client: Pick<Client, 'on' | 'offers'>;
  readonly offers: Offers;
  /** Keys of the offers that this driver is taking. */
  readonly taken: () => ReadonlySet<string>;
  /** Adds offers that the hub had not sent before. */
  readonly add: (items: readonly ParcelView[]) => void;
  readonly changed: () => void;
}

/** The first offers, which the page draws. Reads more of them from the hub when the known ones run out. */
export class OfferWindow {
  readonly #parts: OfferWindowParts;
  readonly #more: MoreOffers;
  #size = pageSize;

  constructor(parts: OfferWindowParts) {
    const { client, offers, add, changed } = parts;
    this.#parts = parts;
    this.#more = new MoreOffers({ client, known: () => offers.size, came: add, changed });
  }

  /** Number of parcels on offer, including those not known here. */
  get total(): number {
    return this.#more.count;
  }

  /** The offers to draw, without those that this driver is taking. */
  get open(): readonly KnownParcel[] {
    const { offers, taken } = this.#parts;
    const keys = taken();
    return offers.first(this.#size, (key) => !keys.has(key));
  }

  /** Number of offers beyond the open ones. */
  get beyond(): number {
    const { offers, taken } = this.#parts;
    const takenOffers = Array.from(taken()).filter((key) => offers.get(key));
    return Math.max(0, this.total - this.open.length - takenOffers.length);
  }

  /** Enlarges the window. */
  showMore(): void {
    this.#size += pageSize;
    this.#parts.changed();
  }

  /** Drops offers beyond the limit and fills the window. Call it after every change. */
  refill(): void {
    this.#parts.offers.keep(offersMax);
    this.#more.want(this.open.length, this.#size);
  }
}
