import type { NewCommand } from '../../../client/client.ts';
import { type EventName, failReasons, type outcomes, type Status } from '../../../protocol/events.ts';
import type { Command, ParcelId } from '../../../protocol/messages.ts';
import { driver } from '../../words/driver.ts';
import type { Word } from './shift-state.ts';

type Reason = (typeof failReasons)[number];
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

/** What was said with an action: the text of a note, who has the parcel now, or why it could not be delivered. */
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

/** The word for a step made by hand. Undefined where it is not one that is taken back. */
export function undoOf(command: NewCommand, by: { rev: number } | { id: string }): Word | undefined {
  const words = driver();
  const doneWords: Readonly<Partial<Record<EventName, string>>> = words.done;
  const done = doneWords[command.event];
  if (done === undefined) return undefined;
  const said = actionText(command);
  return { kind: 'undo', text: said === undefined ? done : words.doneWith(done, said), by };
}
