/**
 * A parcel's life as its customer may know it: where it is, how it came there, what comes next. Made from the
 * records anew each time, so that a step which was taken back is gone. What is not taken over here (phone, notes,
 * drivers' ids, numbers of records, keys that nobody knows) is not on the customer's page.
 */

import { failReasons, isCorrectable, outcomes, type Status } from '../../../protocol/events.ts';
import type { CapsRecord, Order, ParcelView } from '../../../protocol/messages.ts';

export interface Journey {
  readonly store: string;
  readonly orderID: string;
  readonly customer: string;
  readonly address: string;
  readonly status: Status;
  /** The name of the driver who has it or had it last, if they have one. */
  readonly driver: string | undefined;
  readonly steps: readonly Step[];
  /** Those that failed, oldest first; of many, the latest. */
  readonly attempts: readonly Attempt[];
  readonly attemptsInAll: number;
  /** While it is still to come, and the shop has said by when. */
  readonly due: { readonly at: string; readonly isLate: boolean } | undefined;
  /** What was said with the step that it is at. */
  readonly said: Said;
}

export type StepName = 'ordered' | 'assigned' | 'picked-up' | 'tried' | 'back' | 'delivered' | 'cancelled';

export interface Step {
  readonly name: StepName;
  /** `current`: the latest that was reached. */
  readonly state: 'done' | 'current' | 'coming';
  /** When it was reached, an ISO 8601 moment; undefined where it was not, or too much has happened since. */
  readonly at: string | undefined;
}

export interface Attempt {
  readonly at: string;
  readonly reason: (typeof failReasons)[number];
  readonly text: string | undefined;
}

export interface Said {
  readonly by: 'shop' | 'driver' | 'dispatch';
  /** Of a delivery. */
  readonly outcome: (typeof outcomes)[number] | undefined;
  readonly receivedBy: string | undefined;
  /** Why it goes back, or was called off, in the words of whoever did it. */
  readonly reason: string | undefined;
}

/** So many failed attempts are told one by one. */
const attemptsMax = 5;

/**
 * @param parcel as it was when the records were read, or before
 * @param records the parcel's, ascending: all of them, or the latest
 * @param now milliseconds since 1970
 */
export function journeyOf(parcel: ParcelView, records: readonly CapsRecord[], now: number): Journey {
  const { store, orderID, customer, address } = parcel.payload;
  const { status } = records.at(-1) ?? parcel;
  const trace = new Trace(parcel);
  for (const record of standing(records)) trace.take(record);
  return {
    ...{ store, orderID, customer, address, status },
    driver: trace.driver,
    steps: stepsOf(status, trace),
    attempts: trace.attempts.slice(-attemptsMax),
    attemptsInAll: Math.max(parcel.attempts, trace.attempts.length),
    due: dueOf(parcel.payload, status, now),
    said: trace.said,
  };
}

/** The steps that still stand: a correction takes away the one that it names, and nothing else moves a parcel back. */
function standing(records: readonly CapsRecord[]): CapsRecord[] {
  const takenBack = new Set(
    records.flatMap(({ event, details }) => (event === 'corrected' ? [details?.['rev']] : [])),
  );
  const isStep = ({ event }: CapsRecord) => event === 'pickup' || isCorrectable(event);
  return records.filter((record) => isStep(record) && !takenBack.has(record.rev));
}

/** What one record after the other leaves behind. */
class Trace {
  readonly at: Partial<Record<StepName, string>>;
  readonly attempts: Attempt[] = [];
  retriedAt: string | undefined;
  driver: string | undefined;
  said: Said = { by: 'shop', outcome: undefined, receivedBy: undefined, reason: undefined };
  /** The moment of the record before. */
  #last = '';

  constructor({ createdAt, holder }: ParcelView) {
    this.at = { ordered: createdAt };
    this.driver = nameIn(holder?.name);
  }

  take(record: CapsRecord): void {
    const at = this.#momentOf(record);
    this.said = saidIn(record);
    switch (record.event) {
      case 'pickup':
        this.at.ordered = at;
        this.driver = undefined;
        break;
      case 'claimed':
        this.at.assigned = at;
        this.driver = driverIn(record);
        break;
      case 'reassigned':
        this.driver = driverIn(record);
        if (this.at['picked-up'] === undefined) this.at.assigned = at;
        break;
      case 'released':
        delete this.at.assigned;
        this.driver = undefined;
        break;
      case 'in-transit':
        this.at.assigned ??= at;
        this.at['picked-up'] = at;
        this.driver = driverIn(record);
        break;
      case 'attempt-failed':
        this.attempts.push(attemptIn(record, at));
        this.at.tried = at;
        break;
      case 'retried':
        this.retriedAt = at;
        break;
      case 'returning':
      case 'returned':
        this.at.back = at;
        break;
      case 'delivered':
      case 'cancelled':
        this.at[record.event] = at;
        break;
      case 'corrected':
      case 'note':
        break;
    }
  }

  /** When it was done, where the device kept that for later, and as far as it can be believed. */
  #momentOf({ time, machineTime = time, occurredAt = machineTime }: CapsRecord): string {
    const done = new Date(occurredAt).toISOString();
    const moment = done > machineTime || done < this.#last ? machineTime : done;
    this.#last = moment;
    return moment;
  }
}

/** What the parcel has come through, where it is, and what is still to come: four or five in most lives. */
function stepsOf(status: Status, { at, attempts, retriedAt }: Trace): Step[] {
  const way: StepName[] = ['ordered', 'assigned', 'picked-up'];
  const wasTried = attempts.length > 0 || status === 'failed';
  const tried: StepName[] = wasTried ? ['tried'] : [];
  const all: StepName[] = [...way, ...tried, 'delivered'];
  switch (status) {
    case 'ready':
      return stepped(all, 'ordered', at);
    case 'claimed':
      return stepped(all, 'assigned', at);
    case 'in-transit':
      return wasTried ? stepped(all, 'tried', { ...at, tried: retriedAt }) : stepped(all, 'picked-up', at);
    case 'failed':
      return stepped(all, 'tried', at);
    case 'delivered':
      return stepped(all, 'delivered', at);
    case 'returning':
    case 'returned':
      return stepped([...way, ...tried, 'back'], 'back', at);
    case 'cancelled': {
      const been = way.filter((name) => at[name] !== undefined);
      return stepped([...been, ...tried, 'cancelled'], 'cancelled', at);
    }
  }
}

function stepped(
  names: readonly StepName[],
  current: StepName,
  at: Readonly<Partial<Record<StepName, string | undefined>>>,
): Step[] {
  const place = names.indexOf(current);
  return names.map((name, i) => {
    if (i > place) return { name, state: 'coming', at: undefined };
    return { name, state: i === place ? 'current' : 'done', at: at[name] };
  });
}

function dueOf({ dueAt }: Order, status: Status, now: number): Journey['due'] {
  const isToCome =
    status === 'ready' || status === 'claimed' || status === 'in-transit' || status === 'failed';
  if (dueAt === undefined || !isToCome) return undefined;
  const moment = Date.parse(dueAt);
  return { at: new Date(moment).toISOString(), isLate: moment < now };
}

/** Dispatch may act for a driver, whom it names in the details. */
function driverIn({ by, details }: CapsRecord): string | undefined {
  return by.role === 'driver' ? nameIn(by.name) : nameIn(details?.['name']);
}

/** A name that one can see: nobody is told that " " is on the way. */
function nameIn(name: unknown): string | undefined {
  return typeof name === 'string' && /[\p{L}\p{N}\p{S}]/u.test(name) ? name.trim() : undefined;
}

function attemptIn({ details }: CapsRecord, at: string): Attempt {
  const reason = failReasons.find((one) => one === details?.['reason']) ?? 'other';
  return { at, reason, text: textIn(details?.['text']) };
}

function saidIn({ by, details }: CapsRecord): Said {
  return {
    by: by.role === 'driver' ? 'driver' : by.role === 'vendor' ? 'shop' : 'dispatch',
    outcome: outcomes.find((one) => one === details?.['outcome']),
    receivedBy: textIn(details?.['receivedBy']),
    reason: textIn(details?.['reason']),
  };
}

function textIn(text: unknown): string | undefined {
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}
