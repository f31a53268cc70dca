/** Decides what a `proof` comes to, and what its record says. Both folds of a parcel, the hub's and the pages', read it. */

import { CapsError } from './errors.ts';
import type { EventName, Status } from './events.ts';
import { sameJson } from './json.ts';
import { limits } from './limits.ts';
import type { Author } from './messages.ts';
import type { PinVerdict, Proof, Proven } from './proof.ts';

/** Events that hand a parcel over, or try to. */
const provable: ReadonlySet<EventName> = new Set(['in-transit', 'delivered', 'attempt-failed', 'returned']);
/** The latest so many of a parcel can be proven. */
const handoversMax = 50;

interface ProvenParcel {
  readonly status: Status;
  readonly rev: number;
  readonly before: { readonly rev: number } | null;
  readonly handovers?: readonly number[] | undefined;
  readonly proofs?: readonly Proven[] | undefined;
  readonly pinTries?: number | undefined;
}

type Details = Readonly<Record<string, unknown>> | undefined;

/** Undefined for all but the proof by a PIN. */
export function verdictIn(details: Details): PinVerdict | undefined {
  const text = details?.['kind'] === 'pin' ? details['text'] : undefined;
  return text === 'right' || text === 'wrong' ? text : undefined;
}

/**
 * The details without what was typed as a PIN, or how it was found: under one command id there is one try, and whoever
 * sends another PIN under it learns nothing of that.
 */
export function withoutPin(details: Details): Details {
  if (details?.['kind'] !== 'pin') return details;
  const { text: _, tries: __, ...rest } = details;
  return rest;
}

/**
 * @param proof with a verdict in place of the PIN
 * @returns whether the parcel has it already
 * @throws CapsError bad-message for a record that nobody can prove, not-allowed after too many PINs, too-large
 */
export function isProven(parcel: ProvenParcel, proof: Proof, role: Author['role']): boolean {
  checkRev(parcel, proof.rev);
  const { proofs = [], pinTries = 0 } = parcel;
  if (proof.kind === 'pin') {
    if (role !== 'driver') throw new CapsError('not-allowed', 'A PIN is typed by the driver at the door.');
    if (proofs.some((one) => one.rev === proof.rev && verdictIn(one) === 'right')) return true;
    if (pinTries >= limits.pinTries) throw new CapsError('not-allowed', triesUsedUp);
    if (verdictIn(proof) === 'wrong') return false;
  } else if (proofs.some(({ time: _, ...one }) => sameJson(one, proof))) return true;
  if (proofs.length < limits.proofs) return false;
  throw new CapsError('too-large', `A parcel has no more than ${limits.proofs} proofs.`, {
    details: { max: limits.proofs },
  });
}

const triesUsedUp = 'Five PINs were wrong. Dispatch has to look at this parcel.';

/** A collection, a delivery, an attempt, a return; or whatever came since the latest change, before the next one. */
function checkRev({ status, rev, before, handovers }: ProvenParcel, named: number): void {
  const isKnown = handovers !== undefined || status === 'claimed';
  const sinceChange = before?.rev ?? handovers?.at(-1) ?? 1;
  const isProvable = !isKnown || named >= sinceChange || handovers?.includes(named) === true;
  if (named <= rev && isProvable) return;
  const message =
    named > rev
      ? `The parcel has no record ${named} yet.`
      : `Record ${named} is no collection, delivery, attempt or return.`;
  throw new CapsError('bad-message', message, { details: { field: 'details.rev' } });
}

/** The images that its customer sees: photos of the delivery, or of later. */
export function deliveryPhotos({ status, before, proofs = [] }: ProvenParcel): readonly string[] {
  if (status !== 'delivered' || !before) return [];
  return proofs.flatMap(({ kind, rev, blob }) =>
    kind === 'photo' && blob !== undefined && rev >= before.rev ? [blob] : [],
  );
}

/** What the record of this proof says: of a wrong PIN also how many there were since dispatch looked. */
export function proofDetails(
  { pinTries = 0 }: Pick<ProvenParcel, 'pinTries'>,
  details: Details,
): Record<string, unknown> {
  return verdictIn(details) === 'wrong' ? { ...details, tries: pinTries + 1 } : { ...details };
}

/** How many PINs were wrong, after a record with this one. */
export function triesIn(details: Details): number {
  return verdictIn(details) === 'wrong' ? Number(details?.['tries']) || 0 : 0;
}

/** The part of a parcel that a `proof` changes. */
export function provenAfter(
  { proofs = [] }: Pick<ProvenParcel, 'proofs'>,
  details: Details,
  time: string,
): Pick<ProvenParcel, 'proofs' | 'pinTries'> {
  if (verdictIn(details) === 'wrong') return { pinTries: triesIn(details) };
  return { proofs: [...proofs, { ...(details as Proof), time }] };
}

/** The records that can be proven at any time, after one more. */
export function handoversAfter(
  handovers: readonly number[] | undefined,
  { event, rev }: { readonly event: EventName; readonly rev: number },
): Pick<ProvenParcel, 'handovers'> {
  return provable.has(event) ? { handovers: [...(handovers ?? []), rev].slice(-handoversMax) } : {};
}
