/**
 * What may be new to somebody: an order that was amended after its holder took it, and a driver's urgent note. The one
 * has to be seen by the holder, the other by dispatch. Both folds of a parcel, the hub's and the pages', share this.
 */

import { assert, CapsError } from './errors.ts';
import { amendableFields, isFinished } from './events.ts';
import { sameJson } from './json.ts';
import type { Author, CapsRecord, Command } from './messages.ts';
import type { Amendment, Order, Unseen, UrgentNote } from './orders.ts';
import { isWindow } from './time-window.ts';

/** The order with these changes. @param changes null removes a field */
export function amendedOrder(order: Order, changes: Amendment): Order {
  const amended = { ...order, ...changes };
  for (const field of amendableFields) if (changes[field] === null) delete amended[field];
  return amended as Order;
}

/** Those changes that make a difference. */
export function changesFrom(before: Order, after: Order): Amendment {
  const differing = amendableFields.filter((field) => !sameJson(before[field], after[field]));
  return Object.fromEntries(differing.map((field) => [field, after[field] ?? null]));
}

/**
 * The order of the command's record.
 * @param order the parcel's; undefined for a `pickup`
 */
export function orderAfter(order: Order | undefined, command: Command): Order {
  if (command.event === 'pickup') return command.payload;
  assert(order, 'a life begins with pickup');
  return command.event === 'amended' ? amendedOrder(order, command.details) : order;
}

/** @returns whether an amendment or a confirmation says what is known already @throws CapsError bad-message */
export function addsNothing(
  parcel: SeenState & { readonly rev: number; readonly urgent?: UrgentNote | undefined },
  command: Command,
  role: Author['role'],
): boolean {
  if (command.event === 'amended') return saysSo(parcel.payload, command.details);
  if (command.event !== 'seen') return false;
  return !isNews(parcel.rev, role === 'driver' ? parcel.unseen : parcel.urgent, command.details.rev);
}

/** @returns whether the order already says so @throws CapsError bad-message for no changes, or impossible ones */
function saysSo(order: Order, changes: Amendment): boolean {
  if (Object.values(changes).every((value) => value === undefined)) {
    const message = 'Details: "amended" needs a field that changes.';
    throw new CapsError('bad-message', message, { details: { field: 'details' } });
  }
  const amended = amendedOrder(order, changes);
  if (!isWindow(amended)) {
    const field = changes.notBefore === undefined ? 'details.dueAt' : 'details.notBefore';
    throw new CapsError('bad-message', 'The time before which nobody comes is after the due time.', {
      details: { field },
    });
  }
  return Object.keys(changesFrom(order, amended)).length === 0;
}

/**
 * @param rev the parcel's latest
 * @param news what the actor may not have seen
 * @returns whether the record brings something to confirm @throws CapsError bad-message if there is no such record
 */
function isNews(rev: number, news: { readonly rev: number } | undefined, seen: number): boolean {
  if (seen > rev) {
    const message = `The parcel has no record ${seen} yet.`;
    throw new CapsError('bad-message', message, { details: { field: 'details.rev' } });
  }
  return news !== undefined && news.rev <= seen;
}

interface SeenState {
  readonly payload: Order;
  readonly holder?: { readonly id: string } | null | undefined;
  readonly unseen?: Unseen | undefined;
}

type SeenRecord = Pick<CapsRecord, 'event' | 'rev' | 'time' | 'status' | 'payload' | 'details' | 'by'>;

/**
 * The amendments that the holder has not confirmed, after one more record. A new holder takes the order as it is.
 * @param holder who holds the parcel after the record
 */
export function unseenAfter(
  before: SeenState,
  record: SeenRecord,
  holder: SeenState['holder'],
): Unseen | undefined {
  const { unseen } = before;
  if (!holder || holder.id !== before.holder?.id || isFinished(record.status)) return undefined;
  if (record.event === 'seen') {
    return record.by.role === 'driver' && unseen && unseen.rev <= revSeen(record) ? undefined : unseen;
  }
  if (record.event !== 'amended') return unseen;
  const was: Record<string, unknown> = { ...changesFrom(record.payload, before.payload), ...unseen?.was };
  // A change that was changed back is no news.
  const changed = Object.entries(was).filter(([field, value]) => (record.payload[field] ?? null) !== value);
  if (changed.length === 0) return undefined;
  // In an older log, one of these may be anything.
  const texts = changed.map(([field, value]) => [field, typeof value === 'string' ? value : null] as const);
  return { rev: record.rev, time: record.time, was: Object.fromEntries(texts) };
}

/** The latest urgent note that dispatch has not confirmed, after one more record. */
export function urgentAfter(
  urgent: UrgentNote | undefined,
  { event, rev, time, details, by }: SeenRecord,
): UrgentNote | undefined {
  if (event === 'note' && details?.['urgent'] === true) {
    return { rev, time, text: String(details['text']), by: by.name ?? by.id };
  }
  const isSeen = event === 'seen' && by.role === 'admin' && urgent && urgent.rev <= revSeen({ details });
  return isSeen ? undefined : urgent;
}

function revSeen({ details }: Pick<SeenRecord, 'details'>): number {
  return Number(details?.['rev']);
}
