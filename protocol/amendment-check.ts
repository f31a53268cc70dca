/** Decides what an `amended`, a `seen` or a `proof` comes to. */

import { amendedOrder, changesFrom, type SeenState } from './amendment.ts';
import { assert, CapsError } from './errors.ts';
import { sameJson } from './json.ts';
import { limits } from './limits.ts';
import type { Author, Command } from './messages.ts';
import type { Amendment, Order, UrgentNote } from './orders.ts';
import type { Proof } from './proof.ts';
import { isWindow } from './time-window.ts';

/**
 * The order of the command's record.
 * @param order the parcel's; undefined for a `pickup`
 */
export function orderAfter(order: Order | undefined, command: Command): Order {
  if (command.event === 'pickup') return command.payload;
  assert(order, 'a life begins with pickup');
  return command.event === 'amended' ? amendedOrder(order, command.details) : order;
}

interface CheckedParcel extends SeenState {
  readonly rev: number;
  readonly urgent?: UrgentNote | undefined;
  readonly proofs?: readonly Proof[] | undefined;
}

/**
 * @returns whether an amendment, a confirmation or a proof says what is known already
 * @throws CapsError bad-message, too-large
 */
export function addsNothing(parcel: CheckedParcel, command: Command, role: Author['role']): boolean {
  if (command.event === 'amended') return saysSo(parcel.payload, command.details);
  if (command.event === 'proof') return isProven(parcel, command.details);
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
  checkRev(rev, seen);
  return news !== undefined && news.rev <= seen;
}

/** @throws CapsError bad-message if there is no such record, too-large if there are too many proofs */
function isProven({ rev, proofs = [] }: CheckedParcel, proof: Proof): boolean {
  checkRev(rev, proof.rev);
  if (proofs.some((one) => sameJson(one, proof))) return true;
  if (proofs.length < limits.proofs) return false;
  throw new CapsError('too-large', `A parcel has no more than ${limits.proofs} proofs.`, {
    details: { max: limits.proofs },
  });
}

/** @param rev the parcel's latest @throws CapsError bad-message */
function checkRev(rev: number, named: number): void {
  if (named <= rev) return;
  const message = `The parcel has no record ${named} yet.`;
  throw new CapsError('bad-message', message, { details: { field: 'details.rev' } });
}
