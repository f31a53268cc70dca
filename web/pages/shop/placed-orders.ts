/** The sorted list of a shop's orders: urgent ones first, then those for later by their time, then the newest. */

import type { Status } from '../../../protocol/events.ts';
import { dueOf, isLate } from '../../../protocol/lateness.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import { leadMs, wantedFrom } from '../../app/due.ts';
import type { KnownParcel } from '../../app/parcels.ts';

/** Reasons for the position of an order, most urgent first. */
const ranks = { failed: 0, late: 1, returning: 2, later: 3, other: 4 } as const;
type Rank = keyof typeof ranks;

/** An order with its reason of urgency. */
export interface PlacedOrder extends KnownParcel {
  readonly rank: Rank;
  readonly isLate: boolean;
}

export type StatusCounts = Readonly<Record<Status, number>>;

const none: StatusCounts = {
  ready: 0,
  claimed: 0,
  'in-transit': 0,
  failed: 0,
  returning: 0,
  delivered: 0,
  returned: 0,
  cancelled: 0,
};

/**
 * Keeps orders sorted and counted as they change, so that a record costs little even among twenty thousand orders. The
 * position depends on the order alone, so a reload shows the same list. Returned lists never change (copy on write).
 */
export class PlacedOrders {
  readonly #byId = new Map<string, PlacedOrder>();
  #list: PlacedOrder[] = [];
  #ids: string[] = [];
  /** Whether the list or the ids were returned and must be copied before the next change. */
  #isShared = { list: false, ids: false };
  #counts = none;
  #late = 0;
  /** Orders that keep their rank for a while. */
  readonly #held = new Map<string, Rank>();
  /** Due times of orders that are not late yet. */
  readonly #awaited = new Map<string, number>();
  /** When orders for later become ones for now. */
  readonly #ripening = new Map<string, number>();
  #leadMs = leadMs;
  #later = 0;

  get size(): number {
    return this.#list.length;
  }

  get(orderID: string): PlacedOrder | undefined {
    return this.#byId.get(orderID);
  }

  /** The sorted orders; the same list if nothing has changed. */
  list(): readonly PlacedOrder[] {
    this.#isShared.list = true;
    return this.#list;
  }

  /** The sorted ids; the same list if no order came, went or moved. */
  ids(): readonly string[] {
    this.#isShared.ids = true;
    return this.#ids;
  }

  /** The same object if no count has changed. */
  get counts(): StatusCounts {
    return this.#counts;
  }

  /** Number of late orders. */
  get late(): number {
    return this.#late;
  }

  /** Number of orders for later. */
  get later(): number {
    return this.#later;
  }

  /** How long before its time an order is one for now, in milliseconds. */
  setLead(lead: number, now: number): void {
    if (lead === this.#leadMs) return;
    this.#leadMs = lead;
    for (const placed of [...this.#list])
      if (placed.view.payload.notBefore !== undefined) this.set(placed, now);
  }

  /** When the next order becomes late, or one for now, in milliseconds since 1970; `Infinity` if none will. */
  get nextChangeAt(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const due of this.#awaited.values()) next = Math.min(next, due);
    for (const ripe of this.#ripening.values()) next = Math.min(next, ripe);
    return next;
  }

  /** @param now milliseconds since 1970 */
  set(known: KnownParcel, now: number): void {
    const { view } = known;
    const { orderID } = view.payload;
    const old = this.#byId.get(orderID);
    const standing = standingOf(view, now, this.#leadMs);
    const placed: PlacedOrder = { ...known, ...standing, rank: this.#held.get(orderID) ?? standing.rank };
    if (old?.view.status !== view.status || old.isLate !== placed.isLate) {
      this.#count(old, -1);
      this.#count(placed, 1);
    }
    this.#byId.set(orderID, placed);
    this.#later += Number(placed.rank === 'later') - Number(old?.rank === 'later');
    if (standing.rank === 'later') this.#ripening.set(orderID, wantedFrom(view, this.#leadMs));
    else this.#ripening.delete(orderID);
    if (
      placed.isLate ||
      dueOf(view) === Number.POSITIVE_INFINITY ||
      !isLate(view, Number.POSITIVE_INFINITY)
    ) {
      this.#awaited.delete(orderID);
    } else {
      this.#awaited.set(orderID, dueOf(view));
    }
    if (this.#isShared.list) this.#list = this.#list.slice();
    this.#isShared.list = false;
    if (old && compare(old, placed) === 0) {
      this.#list[this.#indexOf(old)] = placed;
      return;
    }
    if (this.#isShared.ids) this.#ids = this.#ids.slice();
    this.#isShared.ids = false;
    if (old) this.#remove(old);
    const at = this.#indexOf(placed);
    this.#list.splice(at, 0, placed);
    this.#ids.splice(at, 0, orderID);
  }

  /** Marks orders that have become late, or ones for now. */
  advance(now: number): void {
    for (const [orderID, ripe] of this.#ripening) {
      const placed = this.#byId.get(orderID);
      if (ripe < now && placed) this.set(placed, now);
    }
    for (const [orderID, due] of this.#awaited) {
      const placed = this.#byId.get(orderID);
      if (due < now && placed) this.set(placed, now);
    }
  }

  /** Keeps an order in place after a user's action, so that its Undo does not move. */
  hold(orderID: string): void {
    const placed = this.#byId.get(orderID);
    if (placed && !this.#held.has(orderID)) this.#held.set(orderID, placed.rank);
  }

  /** Moves a held order to its position. */
  release(orderID: string, now: number): void {
    const placed = this.#byId.get(orderID);
    if (this.#held.delete(orderID) && placed) this.set(placed, now);
  }

  /** Drops all but the first orders. @returns the ids of the dropped ones */
  dropAfter(most: number): readonly string[] {
    const gone = this.#list.slice(most);
    this.#list = this.#list.slice(0, most);
    this.#ids = this.#ids.slice(0, most);
    this.#isShared = { list: false, ids: false };
    for (const placed of gone) {
      this.#count(placed, -1);
      this.#byId.delete(placed.view.payload.orderID);
      this.#awaited.delete(placed.view.payload.orderID);
      this.#held.delete(placed.view.payload.orderID);
      this.#ripening.delete(placed.view.payload.orderID);
      this.#later -= Number(placed.rank === 'later');
    }
    return gone.map(({ view }) => view.payload.orderID);
  }

  clear(): void {
    this.dropAfter(0);
  }

  #count(placed: PlacedOrder | undefined, by: 1 | -1): void {
    if (!placed) return;
    const { status } = placed.view;
    this.#counts = { ...this.#counts, [status]: this.#counts[status] + by };
    if (placed.isLate) this.#late += by;
  }

  #remove(placed: PlacedOrder): void {
    const at = this.#indexOf(placed);
    this.#list.splice(at, 1);
    this.#ids.splice(at, 1);
  }

  /** @returns the index of an order, or where to insert it */
  #indexOf(placed: PlacedOrder): number {
    let [from, to] = [0, this.#list.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const there = this.#list[middle];
      if (there && compare(there, placed) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** Whether an order needs the shop's attention. */
export function isUrgent({ rank }: PlacedOrder): boolean {
  return rank !== 'other' && rank !== 'later';
}

function standingOf(view: ParcelView, now: number, lead: number): Pick<PlacedOrder, 'rank' | 'isLate'> {
  const isPast = isLate(view, now);
  if (view.status === 'failed' || view.status === 'returning') return { rank: view.status, isLate: isPast };
  if (isPast) return { rank: 'late', isLate: true };
  const isLater = view.status === 'ready' && wantedFrom(view, lead) > now;
  return { rank: isLater ? 'later' : 'other', isLate: false };
}

/** Sorts late orders by due time, those for later by when they begin, other urgent ones oldest first, the rest newest first. */
function compare(a: PlacedOrder, b: PlacedOrder): number {
  if (a.rank !== b.rank) return ranks[a.rank] - ranks[b.rank];
  const [one, other] = a.rank === 'other' ? [b.view, a.view] : [a.view, b.view];
  return byTime(a.rank, one, other) || compareIds(one.payload.orderID, other.payload.orderID);
}

function byTime(rank: Rank, a: ParcelView, b: ParcelView): number {
  if (rank === 'late') return dueOf(a) - dueOf(b);
  // A due time may be missing on both sides.
  const byWindow =
    rank === 'later' ? wantedFrom(a) - wantedFrom(b) || Math.sign(dueOf(a) - dueOf(b)) || 0 : 0;
  return byWindow || compareTexts(a.createdAt, b.createdAt);
}

/** Sorts `red-10` after `red-9`. */
function compareIds(a: string, b: string): number {
  return a.length - b.length || compareTexts(a, b);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
