/** Decides what an `amended`, a `seen` or a `proof` comes to. */

import {
  amendedOrder,
  type ChangeableField,
  changeableFields,
  changesFrom,
  type FieldRevs,
  type SeenState,
  wholeAmendment,
} from './amendment.ts';
import { type CoordinateField, coordinateFields, missingHalf } from './coordinates.ts';
import { assert, CapsError } from './errors.ts';
import type { Status } from './events.ts';
import type { Author, Command } from './messages.ts';
import type { Amendment, AmendmentDetails, Order, UrgentNote } from './orders.ts';
import type { Proven } from './proof.ts';
import { isProven } from './proof-check.ts';
import { isWindow } from './time-window.ts';

/**
 * The order of the command's record.
 * @param order the parcel's; undefined for a `pickup`
 */
export function orderAfter(order: Order | undefined, command: Command): Order {
  if (command.event === 'pickup') return command.payload;
  assert(order, 'a life begins with pickup');
  return command.event === 'amended' ? amendedOrder(order, wholeAmendment(order, command.details)) : order;
}

interface CheckedParcel extends SeenState {
  readonly status: Status;
  readonly rev: number;
  readonly before: { readonly rev: number } | null;
  readonly urgent?: UrgentNote | undefined;
  readonly handovers?: readonly number[] | undefined;
  readonly proofs?: readonly Proven[] | undefined;
  readonly pinTries?: number | undefined;
  readonly fieldRevs?: FieldRevs | undefined;
}

/**
 * @returns whether an amendment, a confirmation or a proof says what is known already
 * @throws CapsError bad-message, not-allowed, too-large, conflict
 */
export function addsNothing(parcel: CheckedParcel, command: Command, role: Author['role']): boolean {
  if (command.event === 'amended') return saysSo(parcel, command.details);
  if (command.event === 'proof') return isProven(parcel, command.details, role);
  if (command.event !== 'seen') return false;
  return !isNews(parcel.rev, role === 'driver' ? parcel.unseen : parcel.urgent, command.details.rev);
}

/**
 * @returns whether the order already says so
 * @throws CapsError bad-message for no changes, or impossible ones; conflict for changes of what somebody else changed
 */
function saysSo(parcel: CheckedParcel, { rev: seen, ...changes }: AmendmentDetails): boolean {
  const { payload: order, rev, fieldRevs = {} } = parcel;
  if (Object.values(changes).every((value) => value === undefined)) {
    const message = 'Details: "amended" needs a field that changes.';
    throw new CapsError('bad-message', message, { details: { field: 'details' } });
  }
  const half = missingHalf(changes) ?? halfIn(changes);
  if (half !== undefined) {
    const message = 'Details: latitude and longitude change together.';
    throw new CapsError('bad-message', message, { details: { field: `details.${half}` } });
  }
  const amended = amendedOrder(order, wholeAmendment(order, changes));
  const differing = changesFrom(order, amended);
  if (seen !== undefined)
    checkUnchanged(order, concerned(order, changes, differing), { rev, fieldRevs, seen });
  if (!isWindow(amended)) {
    const field = changes.notBefore === undefined ? 'details.dueAt' : 'details.notBefore';
    throw new CapsError('bad-message', 'The time before which nobody comes is after the due time.', {
      details: { field },
    });
  }
  return Object.keys(differing).length === 0;
}

/** Of a place that is removed, both halves are. */
function halfIn(changes: Amendment): CoordinateField | undefined {
  const [first, ...others] = coordinateFields.filter((field) => changes[field] === undefined);
  return others.length === 0 ? first : undefined;
}

/** What an amendment is about: the fields that it changes by itself, and of a place the address that it belongs to, unless it names that. */
function concerned(order: Order, changes: Amendment, differing: Amendment): Amendment {
  const own = Object.entries(differing).filter(([field]) => changes[field as ChangeableField] !== undefined);
  const isPlace = coordinateFields.some((field) => differing[field] != null && changes[field] != null);
  const isOfOrders = isPlace && changes.address === undefined;
  return { ...(isOfOrders ? { address: order.address } : {}), ...Object.fromEntries(own) };
}

/**
 * Refuses a change of what somebody changed after the sender had looked. What nobody touched since is no conflict.
 * @param differing what the order does not say already
 */
function checkUnchanged(
  order: Order,
  differing: Amendment,
  { rev, fieldRevs, seen }: { rev: number; fieldRevs: FieldRevs; seen: number },
): void {
  checkRev(rev, seen);
  const fields = changeableFields.filter(
    (field) => differing[field] !== undefined && (fieldRevs[field] ?? 0) > seen,
  );
  if (fields.length === 0) return;
  const now = Object.fromEntries(fields.map((field) => [field, order[field] ?? null]));
  const said = fields.map((field) => `${field} is now ${shortened(order[field])}`);
  const message = `The order was changed after record ${seen}: ${said.join(', ')}.`;
  throw new CapsError('conflict', message, { details: { rev, now } });
}

/** A value in a sentence. */
function shortened(value: unknown): string {
  if (value === undefined) return 'empty';
  const text = String(value);
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 99)}…` : text);
}

/**
 * @param rev the parcel's latest
 * @param news what the actor may not have seen
 * @returns whether the record brings something to confirm @throws CapsError bad-message if there is no such record
 */
function isNews(rev: number, news: { readonly rev: number } | undefined, seen: number): boolean {
  checkRev(rev, seen);
  return news !== undefined && news.rev <= seen;
}

/** @param rev the parcel's latest @throws CapsError bad-message */
function checkRev(rev: number, named: number): void {
  if (named <= rev) return;
  const message = `The parcel has no record ${named} yet.`;
  throw new CapsError('bad-message', message, { details: { field: 'details.rev' } });
}
