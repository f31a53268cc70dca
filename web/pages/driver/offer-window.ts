import type { Client } from '../../../client/client.ts';
import { MoreOffers } from '../../../client/more-offers.ts';
import { parcelName } from '../../../protocol/ids.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import { hubClock } from '../../app/hub-clock.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import type { Timers } from '../../app/timers.ts';
import type { Offers } from './offers.ts';

/** The page draws this many offers at first, and this many more on each request. */
const pageSize = 50;
/** The page keeps this many offers and reads later ones again when it needs them. */
const offersMax = 1_000;
/** Timers of browsers overflow after 24 days, and the hub's clock may be corrected. */
const laterCheckMs = 600_000;

interface OfferWindowParts {
  readonly client: Pick<Client, 'on' | 'offers'>;
  readonly offers: Offers;
  readonly timers: Timers;
  /** Keys of the offers that this driver is taking. */
  readonly taken: () => ReadonlySet<string>;
  /** Adds offers that the hub had not sent before. */
  readonly add: (items: readonly ParcelView[]) => void;
  /** Called when offers for later have become offers for now. */
  readonly ripened: () => void;
  readonly changed: () => void;
}

/**
 * The first offers, which the page draws. Reads more of them from the hub when the known ones run out. Orders that are for
 * much later wait apart until their time has come.
 */
export class OfferWindow {
  readonly #parts: OfferWindowParts;
  readonly #more: MoreOffers;
  #size = pageSize;
  /** Known offers for later, and when the first of them is for now. */
  #later: readonly KnownParcel[] = [];
  #ripeAt = Number.POSITIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor(parts: OfferWindowParts) {
    const { client, offers, add, changed } = parts;
    this.#parts = parts;
    this.#more = new MoreOffers({ client, known: () => offers.size, came: add, changed });
  }

  /** Number of parcels on offer, including those not known here. */
  get total(): number {
    return this.#more.count;
  }

  /** Number of parcels on offer for now. */
  get current(): number {
    return Math.max(0, this.total - this.later.length);
  }

  /** The offers to draw, without those that this driver is taking and those for later. */
  get open(): readonly KnownParcel[] {
    const { offers, taken } = this.#parts;
    const keys = taken();
    const now = hubClock.now();
    return offers.first(this.#size, (key, known) => !keys.has(key) && offers.wantedFrom(known.view) <= now);
  }

  /** The known offers for later. */
  get later(): readonly KnownParcel[] {
    const keys = this.#parts.taken();
    return this.#later.filter(({ view }) => !keys.has(parcelName(view.payload)));
  }

  /** Number of offers beyond the open ones and those for later. */
  get beyond(): number {
    const { offers, taken } = this.#parts;
    const takenOffers = Array.from(taken()).filter((key) => offers.get(key));
    return Math.max(0, this.total - this.open.length - this.later.length - takenOffers.length);
  }

  /** Enlarges the window. */
  showMore(): void {
    this.#size += pageSize;
    this.#parts.changed();
  }

  /** Drops offers beyond the limit and fills the window. Call it after every change. */
  refill(): void {
    this.#parts.offers.keep(offersMax);
    this.#sortLater();
    this.#more.want(this.open.length, this.#size);
  }

  close(): void {
    this.#cancelTimer?.();
  }

  #sortLater(): void {
    const now = hubClock.now();
    this.#later = this.#parts.offers.laterThan(now);
    const ripeAt = Math.min(...this.#later.map(({ view }) => this.#parts.offers.wantedFrom(view)));
    if (ripeAt === this.#ripeAt) return;
    this.#ripeAt = ripeAt;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (!Number.isFinite(ripeAt)) return;
    this.#cancelTimer = this.#parts.timers.after(Math.min(laterCheckMs, ripeAt - now + 1), () => {
      this.#ripeAt = Number.NaN;
      if (ripeAt <= hubClock.now()) this.#parts.ripened();
      this.#parts.changed();
    });
  }
}
