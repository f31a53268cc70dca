import type { NewCommand } from '../../../client/client.ts';
import { type EventName, failReasons, type outcomes, type Status } from '../../../protocol/events.ts';
import type { Command } from '../../../protocol/messages.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import { driver } from '../../words/driver.ts';
import type { Toast } from './session-state.ts';

type Reason = (typeof failReasons)[number];
type Outcome = (typeof outcomes)[number];

/** A driver's step on a parcel, other than a claim or an undo. */
export type Step =
  | { readonly event: 'in-transit' | 'released' | 'retried' | 'returning' | 'returned' }
  | {
      readonly event: 'delivered';
      readonly outcome?: Outcome | undefined;
      readonly receivedBy?: string | undefined;
    }
  | { readonly event: 'attempt-failed'; readonly reason: Reason };

/** The status after each step. */
const leadsTo: Readonly<Record<Step['event'], Status>> = {
  'in-transit': 'in-transit',
  delivered: 'delivered',
  released: 'ready',
  'attempt-failed': 'failed',
  retried: 'in-transit',
  returning: 'returning',
  returned: 'returned',
};

/** @returns undefined for events without a status change, and for `corrected` */
export function statusAfter(event: EventName): Status | undefined {
  return event in leadsTo ? leadsTo[event as Step['event']] : undefined;
}

export function commandOf(step: Step, { store, orderID }: ParcelId): NewCommand {
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

/** @returns the text of an action: a note's text, who has the parcel, or why it was not delivered */
export function actionText({ event, details }: Pick<Command, 'event' | 'details'>): string | undefined {
  if (event === 'note') return details && 'text' in details ? details.text : undefined;
  const { reason, outcome, receivedBy } = driver();
  if (!details) return undefined;
  if (event === 'attempt-failed') {
    const why = failReasons.find((one) => 'reason' in details && details.reason === one);
    return why && reason[why];
  }
  if (event !== 'delivered' || !('outcome' in details) || details.outcome === undefined) return undefined;
  const who = outcome[details.outcome];
  return details.receivedBy === undefined ? who : receivedBy(who, details.receivedBy);
}

/** The toast for a step made by hand. Undefined where it is not one that is taken back. */
export function undoToastOf(command: NewCommand, by: { rev: number } | { id: string }): Toast | undefined {
  const words = driver();
  const doneWords: Readonly<Partial<Record<EventName, string>>> = words.done;
  const done = doneWords[command.event];
  if (done === undefined) return undefined;
  const said = actionText(command);
  const text = said === undefined ? done : words.doneWith(done, said);
  return { kind: 'undo', text, by, of: command.event };
}
