import type { By, CapsRecord, ParcelView, Status } from '../../../protocol/messages.ts';
import { type Known, withRecord, withView } from '../../parcels.ts';

/** How many orders, and how many thank-yous, a page keeps. */
export const ordersMax = 20_000;
export const thanksMax = 500;
/** Sorting out the oldest costs something, so it waits until there are some. */
const slack = 1_000;

export interface Thanks {
  readonly orderID: string;
  readonly driver: string | undefined;
  readonly time: string;
  /** Of the delivery; with the order's id it names this thank-you. */
  readonly rev: number;
}

/** The latest note on an order by somebody else, until it was read. */
export interface Said {
  readonly from: string;
  readonly text: string;
}

/** The shop's orders as a fold of what the hub tells, newest first, and a thank-you for each delivery. */
export class Orders {
  readonly #known = new Map<string, Known>();
  /** The ids, newest first; undefined after one came or went. */
  #order: string[] | undefined;
  #listed: readonly Known[] | undefined;
  readonly #said = new Map<string, Said>();
  #thanks: readonly Thanks[] = [];
  #thanked = 0;
  #dropped = 0;

  /** An order as the hub has it, from a list. */
  view(view: ParcelView): void {
    const { orderID } = view.payload;
    this.#set(orderID, withView(this.#known.get(orderID), view));
  }

  /**
   * A record of the feed, each of which comes once and in order: so each delivery is thanked for once, also where
   * a list has already shown it.
   */
  record(record: CapsRecord): void {
    if (record.event === 'delivered') this.#thank(record);
    if (record.event === 'corrected') this.#takeBack(record);
    if (record.event === 'note') this.#hear(record);
    this.seen(record);
  }

  /** A record known from an answer; the feed will bring it too. */
  seen(record: CapsRecord): void {
    const { orderID } = record.payload;
    this.#set(orderID, withRecord(this.#known.get(orderID), record));
  }

  get(orderID: string): Known | undefined {
    return this.#known.get(orderID);
  }

  /** The same list as before where nothing has changed. */
  list(): readonly Known[] {
    this.#order ??= this.#sorted();
    this.#listed ??= this.#order.flatMap((id) => this.#known.get(id) ?? []);
    return this.#listed;
  }

  /** What others said and the shop has not read, by order. */
  get said(): ReadonlyMap<string, Said> {
    return this.#said;
  }

  /** The shop has read what was said about an order. */
  read(orderID: string): void {
    this.#said.delete(orderID);
  }

  /** How many older ones were let go. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The latest thank-yous, newest first. */
  get thanks(): readonly Thanks[] {
    return this.#thanks;
  }

  /** How many there were in all. */
  get thanked(): number {
    return this.#thanked;
  }

  clear(): void {
    this.#known.clear();
    this.#order = undefined;
    this.#listed = undefined;
    this.#said.clear();
    this.#thanks = [];
    this.#thanked = 0;
    this.#dropped = 0;
  }

  #set(orderID: string, known: Known): void {
    if (!this.#known.has(orderID)) this.#order = undefined;
    this.#known.set(orderID, known);
    this.#listed = undefined;
    if (this.#known.size > ordersMax + slack) {
      const oldest = this.#sorted().slice(ordersMax);
      for (const id of oldest) {
        this.#known.delete(id);
        this.#said.delete(id);
      }
      this.#dropped += oldest.length;
      this.#order = undefined;
    }
  }

  #sorted(): string[] {
    const newestFirst = Array.from(this.#known).reverse();
    newestFirst.sort(([, a], [, b]) => compare(b.view.createdAt, a.view.createdAt));
    return newestFirst.map(([orderID]) => orderID);
  }

  #thank({ payload, by, time, rev }: CapsRecord): void {
    const driver = by.role === 'driver' ? (by.name ?? by.id) : undefined;
    this.#thanks = [{ orderID: payload.orderID, driver, time, rev }, ...this.#thanks].slice(0, thanksMax);
    this.#thanked += 1;
  }

  /** Of one that said more than once, the latest; who acts on an order has read it. */
  #hear({ payload, by, details }: CapsRecord): void {
    const text = details?.['text'];
    if (by.role === 'vendor') this.#said.delete(payload.orderID);
    else if (typeof text === 'string') this.#said.set(payload.orderID, { from: nameOf(by), text });
  }

  /** A delivery that was taken back is no more to be thanked for; the true one will be. */
  #takeBack({ payload, details }: CapsRecord): void {
    const left = this.#thanks.filter(
      ({ orderID, rev }) => orderID !== payload.orderID || rev !== details?.['rev'],
    );
    if (left.length === this.#thanks.length) return;
    this.#thanks = left;
    this.#thanked -= 1;
  }
}

export type Counts = Readonly<Record<Status, number>>;

export function countByStatus(orders: readonly Known[]): Counts {
  const counts = {
    ready: 0,
    claimed: 0,
    'in-transit': 0,
    failed: 0,
    returning: 0,
    delivered: 0,
    returned: 0,
    cancelled: 0,
  };
  for (const { view } of orders) counts[view.status] += 1;
  return counts;
}

/** Who it is, as a shop would call them. */
export function nameOf({ role, id, name }: By): string {
  if (role === 'vendor') return 'You';
  if (role === 'driver') return name ?? id;
  if (role === 'customer') return name ?? 'The customer';
  return role === 'admin' ? (name ?? 'Dispatch') : 'The hub';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
