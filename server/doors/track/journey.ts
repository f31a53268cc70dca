/**
 * A parcel's life for its customer: where it is, how it came there, what comes next. It is derived from the records
 * each time, so a corrected step is gone. It leaves out phone, notes, drivers' ids, counts of records and unknown
 * keys.
 */

import { failReasons, isCorrectable, outcomes, type Status } from '../../../protocol/events.ts';
import type { CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import type { Order } from '../../../protocol/orders.ts';

export interface Journey {
  readonly store: string;
  readonly orderID: string;
  readonly customer: string;
  readonly address: string;
  readonly status: Status;
  /** Name of the current or last driver, if they have one. */
  readonly driver: string | undefined;
  readonly steps: readonly Step[];
  /** Failed attempts, oldest first; only the latest if there are many. */
  readonly attempts: readonly Attempt[];
  readonly attemptsInAll: number;
  /** Present until it has arrived, if the shop named a time. */
  readonly due: { readonly at: string; readonly isLate: boolean } | undefined;
  /** When its window opens, as long as that is to come, too. */
  readonly opensAt: string | undefined;
  /** Details of the current step. */
  readonly said: JourneyDetails;
  /** Hashes of the photos of its delivery. */
  readonly photos: readonly string[];
}

export type StepName = 'ordered' | 'assigned' | 'picked-up' | 'tried' | 'back' | 'delivered' | 'cancelled';

export interface Step {
  readonly name: StepName;
  /** `current`: the latest that was reached. */
  readonly state: 'done' | 'current' | 'coming';
  /** ISO 8601; undefined if it was not reached, or lies too far back. */
  readonly at: string | undefined;
}

export interface Attempt {
  readonly at: string;
  readonly reason: (typeof failReasons)[number];
  readonly text: string | undefined;
}

export interface JourneyDetails {
  readonly by: 'shop' | 'driver' | 'dispatch';
  /** Only for deliveries. */
  readonly outcome: (typeof outcomes)[number] | undefined;
  readonly receivedBy: string | undefined;
  /** Why it goes back or was cancelled, in the words of whoever did it. */
  readonly reason: string | undefined;
}

/** Attempts listed one by one. */
const attemptsMax = 5;

/**
 * @param parcel as read before the records
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
    opensAt: opensAt(parcel.payload, status, now),
    said: trace.said,
    photos: photosOf(parcel, status, trace.changedRev),
  };
}

/** Those that prove the step by which it was delivered, or came later. */
function photosOf({ proofs = [] }: ParcelView, status: Status, deliveredRev: number): string[] {
  if (status !== 'delivered') return [];
  return proofs.flatMap(({ kind, rev, blob }) =>
    kind === 'photo' && blob !== undefined && rev >= deliveredRev ? [blob] : [],
  );
}

/** Steps without the corrected ones. Only a correction moves a parcel back. */
function standing(records: readonly CapsRecord[]): CapsRecord[] {
  const takenBack = new Set(
    records.flatMap(({ event, details }) => (event === 'corrected' ? [details?.['rev']] : [])),
  );
  const isStep = ({ event }: CapsRecord) => event === 'pickup' || isCorrectable(event);
  return records.filter((record) => isStep(record) && !takenBack.has(record.rev));
}

/** Collects a journey from records in order. */
class Trace {
  readonly at: Partial<Record<StepName, string>>;
  readonly attempts: Attempt[] = [];
  retriedAt: string | undefined;
  driver: string | undefined;
  /** The latest step that stands. */
  changedRev = 1;
  said: JourneyDetails = { by: 'shop', outcome: undefined, receivedBy: undefined, reason: undefined };
  /** Time of the record before. */
  #last = '';

  constructor({ createdAt, holder }: ParcelView) {
    this.at = { ordered: createdAt };
    this.driver = nameIn(holder?.name);
  }

  take(record: CapsRecord): void {
    const at = this.#momentOf(record);
    this.said = saidIn(record);
    this.changedRev = record.rev;
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
      case 'amended':
      case 'seen':
      case 'proof':
        break;
    }
  }

  /** The device's own time, if it kept one and it is plausible; else the hub's. */
  #momentOf({ time, machineTime = time, occurredAt = machineTime }: CapsRecord): string {
    const done = new Date(occurredAt).toISOString();
    const moment = done > machineTime || done < this.#last ? machineTime : done;
    this.#last = moment;
    return moment;
  }
}

/** Past, current and future steps: four or five in most lives. */
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
  if (dueAt === undefined || !isToCome(status)) return undefined;
  const moment = Date.parse(dueAt);
  return { at: new Date(moment).toISOString(), isLate: moment < now };
}

function opensAt({ notBefore }: Order, status: Status, now: number): string | undefined {
  const moment = notBefore === undefined || !isToCome(status) ? Number.NaN : Date.parse(notBefore);
  return moment > now ? new Date(moment).toISOString() : undefined;
}

function isToCome(status: Status): boolean {
  return status === 'ready' || status === 'claimed' || status === 'in-transit' || status === 'failed';
}

/** Dispatch may act for a driver, who is then in the details. */
function driverIn({ by, details }: CapsRecord): string | undefined {
  return by.role === 'driver' ? nameIn(by.name) : nameIn(details?.['name']);
}

/** A visible name: not " ". */
function nameIn(name: unknown): string | undefined {
  return typeof name === 'string' && /[\p{L}\p{N}\p{S}]/u.test(name) ? name.trim() : undefined;
}

function attemptIn({ details }: CapsRecord, at: string): Attempt {
  const reason = failReasons.find((one) => one === details?.['reason']) ?? 'other';
  return { at, reason, text: textIn(details?.['text']) };
}

function saidIn({ by, details }: CapsRecord): JourneyDetails {
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
