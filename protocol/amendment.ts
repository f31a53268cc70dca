/**
 * What may be new to somebody: an order that was amended after its holder took it, and a driver's urgent note. The one
 * has to be seen by the holder, the other by dispatch. Both folds of a parcel, the hub's and the pages', share this.
 */

import { coordinateFields } from './coordinates.ts';
import { amendableFields, isFinished } from './events.ts';
import { limits } from './limits.ts';
import type { CapsRecord } from './messages.ts';
import type { Amendment, Order, Unseen, UrgentNote } from './orders.ts';
import { triesIn } from './proof-check.ts';

/** All that may change. A holder has to see what of that they read: the texts. */
export const changeableFields = [...amendableFields, ...coordinateFields] as const;
export type ChangeableField = (typeof changeableFields)[number];

/** The order with these changes. @param changes null removes a field */
export function amendedOrder(order: Order, changes: Amendment): Order {
  const amended: Record<string, unknown> = { ...order };
  for (const field of changeableFields) {
    const change = changes[field];
    if (change === null) delete amended[field];
    else if (change !== undefined) amended[field] = change;
  }
  return amended as Order;
}

/**
 * What an amendment comes to: another address without a place of its own drops the old one, which would lead to the wrong
 * door.
 */
export function wholeAmendment(order: Order, changes: Amendment): Amendment {
  const { address, latitude, longitude } = changes;
  const isElsewhere = address !== undefined && address !== order.address;
  if (!isElsewhere || latitude !== undefined || longitude !== undefined) return changes;
  return { ...changes, latitude: null, longitude: null };
}

/** In an older log, a field of a later version may be anything. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Those changes that make a difference: a moment that is written otherwise makes none. */
export function changesFrom(before: Order, after: Order): Amendment {
  return differences(before, after, saysTheSame);
}

/** As `changesFrom`, to the letter. */
export function spellingsFrom(before: Order, after: Order): Amendment {
  return differences(before, after, (_, one, other) => textOf(one) === textOf(other));
}

function differences(before: Order, after: Order, isSame: typeof saysTheSame): Amendment {
  const differing = changeableFields.filter((field) => !isSame(field, before[field], after[field]));
  return Object.fromEntries(differing.map((field) => [field, after[field] ?? null]));
}

/** Whether two values of a field say the same; null and undefined: there is none. */
export function saysTheSame(field: string, one: unknown, other: unknown): boolean {
  if ((one ?? null) === (other ?? null)) return true;
  const isMoment = field === 'notBefore' || field === 'dueAt';
  if (!isMoment || typeof one !== 'string' || typeof other !== 'string') return textOf(one) === textOf(other);
  return Date.parse(one) === Date.parse(other);
}

/** For each amended field, the latest record that changed it. */
export type FieldRevs = Readonly<Partial<Record<ChangeableField, number>>>;

/** @returns undefined while no field has been changed */
export function fieldRevsAfter(
  before: FieldRevs | undefined,
  order: Order,
  { event, rev, payload }: SeenRecord,
): FieldRevs | undefined {
  if (event !== 'amended') return before;
  const changed = Object.keys(changesFrom(order, payload)).map((field) => [field, rev] as const);
  return changed.length === 0 ? before : { ...before, ...Object.fromEntries(changed) };
}

export interface SeenState {
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
  const changed = Object.entries(was).filter(
    ([field, value]) => !isCoordinate(field) && !saysTheSame(field, record.payload[field], value),
  );
  if (changed.length === 0) return undefined;
  // In an older log, one of these may be anything.
  const texts = changed.map(([field, value]) => [field, typeof value === 'string' ? value : null] as const);
  return { rev: record.rev, time: record.time, was: Object.fromEntries(texts) };
}

function isCoordinate(field: string): boolean {
  return coordinateFields.some((one) => one === field);
}

export function without<T extends object, K extends keyof T>(whole: T, ...keys: readonly K[]): Omit<T, K> {
  const rest = { ...whole };
  for (const key of keys) delete rest[key];
  return rest;
}

interface UndoState {
  readonly holder?: SeenState['holder'];
  readonly unseen?: Unseen | undefined;
}

/** What a correction goes back to, after one more record: whoever gets the parcel back has not seen its amendments. */
export function undoAfter<T extends UndoState>(before: T, order: Order, record: SeenRecord): T {
  const { holder } = before;
  const isOfHolder = record.event === 'seen' && record.by.role === 'driver' && record.by.id === holder?.id;
  if (record.event !== 'amended' && !isOfHolder) return before;
  const { unseen: _, ...rest } = before;
  const unseen = unseenAfter({ ...before, payload: order }, record, holder);
  return { ...rest, ...(unseen ? { unseen } : {}) } as T;
}

/** The text of an urgent note of the hub's own, where no driver's stands. */
export const pinsWrong = 'Five PINs were wrong.';

/**
 * The latest urgent note that dispatch has not confirmed, after one more record. Too many wrong PINs are one, too; neither
 * they nor a driver's note hides the other.
 */
export function urgentAfter(
  urgent: UrgentNote | undefined,
  { event, rev, time, details, by }: SeenRecord,
): UrgentNote | undefined {
  if (event === 'note' && details?.['urgent'] === true) {
    const about = urgent?.about ? { about: urgent.about } : {};
    return { rev, time, text: String(details['text']), by: by.name ?? by.id, ...about };
  }
  if (event === 'proof' && triesIn(details) >= limits.pinTries) {
    return { rev, time, text: urgent?.text ?? pinsWrong, by: by.name ?? by.id, about: 'pin' };
  }
  const isSeen = event === 'seen' && by.role === 'admin' && urgent && urgent.rev <= revSeen({ details });
  return isSeen ? undefined : urgent;
}

function revSeen({ details }: Pick<SeenRecord, 'details'>): number {
  return Number(details?.['rev']);
}
