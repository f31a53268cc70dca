import { isFinished, keepsStatus, type Status } from '../protocol/events.ts';
import type { CapsRecord, ParcelView } from '../protocol/messages.ts';

export interface OrderStep {
  readonly store: string;
  readonly orderID: string;
  readonly status: Status;
  readonly rev: number;
  readonly time: string;
}

/** Prints each step of one order once and in order, whether it arrives in a record or in a snapshot. */
export class FollowedOrder {
  readonly #orderID: string | undefined;
  readonly #print: (line: string, step: OrderStep) => void;
  /** The latest step's; older steps are ignored. */
  #rev = 0;
  #words = '';
  #isOver = false;

  /** @param orderID undefined: the connection sees only this order */
  constructor(orderID: string | undefined, print: (line: string, step: OrderStep) => void) {
    this.#orderID = orderID;
    this.#print = print;
  }

  get isKnown(): boolean {
    return this.#rev > 0;
  }

  readonly take = (step: CapsRecord | ParcelView): void => {
    const { payload, status, rev } = step;
    const { store, orderID } = payload;
    const isIt = this.#orderID === undefined || this.#orderID === orderID;
    if (!isIt || rev <= this.#rev || this.#isOver) return;
    this.#rev = rev;
    if ('event' in step && keepsStatus(step.event)) return;
    const words = [status.replace('-', ' '), ...whoAndWhy(step)].join(', ');
    if (words === this.#words) return;
    this.#words = words;
    this.#isOver = isFinished(status);
    const time = 'event' in step ? step.time : step.changedAt;
    this.#print(`${orderID} ${words}`, { store, orderID, status, rev, time });
  };
}

function whoAndWhy(step: CapsRecord | ParcelView): string[] {
  if (!('event' in step)) return step.holder ? [step.holder.name ?? step.holder.id] : [];
  const { by, details } = step;
  const who = by.role === 'driver' ? (by.name ?? by.id) : (details?.['name'] ?? details?.['driver']);
  return [who, details?.['reason']].filter((word) => typeof word === 'string');
}
