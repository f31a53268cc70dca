import type { Author, CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import { type KnownParcel, withRecord, withView } from '../../app/parcels.ts';
import { shared } from '../../words/shared.ts';
import { shop as words } from '../../words/shop.ts';
import { PlacedOrders } from './placed-orders.ts';

/** Orders and thank-yous that a page keeps. */
export const ordersMax = 20_000;
export const thanksMax = 500;
/** Old orders are dropped in batches of this size. */
const slack = 1_000;

export interface ThankYou {
  readonly orderID: string;
  readonly customer: string;
  readonly driver: string | undefined;
  readonly time: string;
  /** Rev of the delivery; with the order id it identifies the thank-you. */
  readonly rev: number;
}

/** The latest unread note of others on an order. */
export interface UnreadNote {
  readonly from: string;
  readonly text: string;
}

/** Folds the hub's lists and records into the shop's orders, with a thank-you for each delivery. */
export class Orders {
  readonly #placed = new PlacedOrders();
  readonly #clock: () => number;
  #said: ReadonlyMap<string, UnreadNote> = new Map();
  #thanks: readonly ThankYou[] = [];
  #thanked = 0;
  #dropped = 0;

  /** @param clock gives milliseconds since 1970 */
  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  /** The sorted and counted orders. */
  get placed(): Omit<PlacedOrders, 'set' | 'keepFirst' | 'clear'> {
    return this.#placed;
  }

  /** Applies an order of a list. */
  view(view: ParcelView): void {
    this.#set(withView(this.#placed.get(view.payload.orderID), view));
  }

  /**
   * Applies a record of the feed. Each arrives once and in order, so each delivery is thanked for once, even if a list has
   * already shown it.
   */
  record(record: CapsRecord): void {
    if (record.event === 'delivered') this.#thank(record);
    if (record.event === 'corrected') this.#takeBack(record);
    if (record.event === 'note') this.#hear(record);
    this.seen(record);
  }

  /** Applies the record of an answer; the feed will bring it too. */
  seen(record: CapsRecord): void {
    this.#set(withRecord(this.#placed.get(record.payload.orderID), record));
  }

  /** Unread notes by order. */
  get said(): ReadonlyMap<string, UnreadNote> {
    return this.#said;
  }

  /** Marks the note of an order as read. */
  read(orderID: string): void {
    this.#say(orderID, undefined);
  }

  /** Number of dropped orders. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The latest thank-yous, newest first. */
  get thanks(): readonly ThankYou[] {
    return this.#thanks;
  }

  /** Number of all thank-yous. */
  get thanked(): number {
    return this.#thanked;
  }

  clear(): void {
    this.#placed.clear();
    this.#said = new Map();
    this.#thanks = [];
    this.#thanked = 0;
    this.#dropped = 0;
  }

  #set(known: KnownParcel): void {
    if (known === this.#placed.get(known.view.payload.orderID)) return;
    this.#placed.set(known, this.#clock());
    if (this.#placed.size <= ordersMax + slack) return;
    const gone = this.#placed.dropAfter(ordersMax);
    for (const id of gone) this.#say(id, undefined);
    this.#dropped += gone.length;
  }

  #thank({ payload, by, time, rev }: CapsRecord): void {
    const driver = by.role === 'driver' ? (by.name ?? by.id) : undefined;
    const { orderID, customer } = payload;
    this.#thanks = [{ orderID, customer, driver, time, rev }, ...this.#thanks].slice(0, thanksMax);
    this.#thanked += 1;
  }

  /** Keeps the latest note. A shop that writes itself has read the notes. */
  #hear({ payload, by, details }: CapsRecord): void {
    const text = details?.['text'];
    if (by.role === 'vendor') this.#say(payload.orderID, undefined);
    else if (typeof text === 'string') this.#say(payload.orderID, { from: authorName(by), text });
  }

  #say(orderID: string, said: UnreadNote | undefined): void {
    if (this.#said.get(orderID) === said) return;
    const all = new Map(this.#said);
    if (said) all.set(orderID, said);
    else all.delete(orderID);
    this.#said = all;
  }

  /** Removes the thank-you of an undone delivery. */
  #takeBack({ payload, details }: CapsRecord): void {
    const left = this.#thanks.filter(
      ({ orderID, rev }) => orderID !== payload.orderID || rev !== details?.['rev'],
    );
    if (left.length === this.#thanks.length) return;
    this.#thanks = left;
    this.#thanked -= 1;
  }
}

/** @returns the name of the driver who has the parcel, or had it last */
export function holderName({ holder }: Pick<ParcelView, 'holder'>): string | undefined {
  return holder?.name ?? holder?.id;
}

/** @returns the author's name in the shop's words */
export function authorName({ role, id, name }: Author): string {
  if (role === 'vendor') return words().people.you;
  if (role === 'driver') return name ?? id;
  if (role === 'customer') return name ?? words().people.customer;
  return role === 'admin' ? (name ?? shared().dispatch) : words().people.hub;
}
