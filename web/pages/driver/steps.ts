import type { NewCommand } from '../../../client/client.ts';
import type { EventName, Status } from '../../../protocol/events.ts';
import type { Command, outcomes, ParcelKey } from '../../../protocol/messages.ts';
import type { Word } from './shift-state.ts';

/** Why a parcel could not be delivered, in the driver's words. */
export const reasons = [
  { reason: 'not-home', text: 'Nobody home' },
  { reason: 'refused', text: 'Refused' },
  { reason: 'wrong-address', text: 'Wrong address' },
  { reason: 'no-access', text: 'No way in' },
  { reason: 'damaged', text: 'Damaged' },
  { reason: 'lost', text: 'Lost' },
  { reason: 'other', text: 'Something else' },
] as const;
export type Reason = (typeof reasons)[number]['reason'];

/** Who or what has a delivered parcel now, in the driver's words. */
export const leftWith = [
  { outcome: 'recipient', text: 'Recipient' },
  { outcome: 'third-party', text: 'Neighbour' },
  { outcome: 'safe-place', text: 'Safe place' },
  { outcome: 'mailbox', text: 'Mailbox' },
  { outcome: 'other', text: 'Other' },
] as const satisfies readonly { outcome: Outcome; text: string }[];
type Outcome = (typeof outcomes)[number];

/** What a driver may do with a parcel, besides claiming it and taking a step back. */
export type Step =
  | { readonly event: 'in-transit' | 'released' | 'retried' | 'returning' | 'returned' }
  | {
      readonly event: 'delivered';
      readonly outcome?: Outcome | undefined;
      readonly receivedBy?: string | undefined;
    }
  | { readonly event: 'attempt-failed'; readonly reason: Reason };

/** Where a driver's step leads. */
const leadsTo: Readonly<Record<Step['event'], Status>> = {
  'in-transit': 'in-transit',
  delivered: 'delivered',
  released: 'ready',
  'attempt-failed': 'failed',
  retried: 'in-transit',
  returning: 'returning',
  returned: 'returned',
};

/** Undefined of what changes no status, or back to one that is not known here. */
export function statusAfter(event: EventName): Status | undefined {
  return event in leadsTo ? leadsTo[event as Step['event']] : undefined;
}

export function commandOf(step: Step, { store, orderID }: ParcelKey): NewCommand {
  const payload = { store, orderID };
  switch (step.event) {
    case 'attempt-failed':
      return { event: step.event, payload, details: { reason: step.reason } };
    case 'delivered': {
      const { event, outcome, receivedBy } = step;
      if (outcome === undefined) return { event, payload };
      return { event, payload, details: receivedBy === undefined ? { outcome } : { outcome, receivedBy } };
    }
    default:
      return { event: step.event, payload };
  }
}

/** What was said with an action: the text of a note, who has the parcel now, or why it could not be delivered. */
export function saidWith({ event, details }: Pick<Command, 'event' | 'details'>): string | undefined {
  if (event === 'note') return details && 'text' in details ? details.text : undefined;
  if (event === 'attempt-failed') {
    return reasons.find(({ reason }) => details && 'reason' in details && details.reason === reason)?.text;
  }
  if (event !== 'delivered' || !details || !('outcome' in details)) return undefined;
  const { outcome, receivedBy } = details;
  return [leftWith.find((one) => one.outcome === outcome)?.text, receivedBy].filter(Boolean).join(', ');
}

/** What the page says when a step is done, beside its Undo. */
export const doneWords: Readonly<Partial<Record<EventName, string>>> = {
  claimed: 'Claimed.',
  'in-transit': 'Picked up.',
  delivered: 'Delivered.',
  released: 'Given back.',
  'attempt-failed': 'Not delivered.',
  retried: 'Trying again.',
  returning: 'On the way back to the shop.',
  returned: 'Back at the shop.',
};

/** The word for a step made by hand. Undefined where it is not one that is taken back. */
export function undoOf(command: NewCommand, by: { rev: number } | { id: string }): Word | undefined {
  const done = doneWords[command.event];
  if (done === undefined) return undefined;
  const said = saidWith(command);
  return { kind: 'undo', text: said === undefined ? done : `${done} ${said}.`, by };
}

/** What was done, in a list of such things. */
export const actionWords: Readonly<Record<EventName, string>> = {
  pickup: 'Order',
  claimed: 'Claimed',
  'in-transit': 'Picked up',
  delivered: 'Delivered',
  released: 'Given back',
  'attempt-failed': 'Could not deliver',
  retried: 'Trying again',
  returning: 'Return to shop',
  returned: 'Returned',
  cancelled: 'Cancelled',
  reassigned: 'Passed on',
  corrected: 'Undo',
  note: 'Note',
};
