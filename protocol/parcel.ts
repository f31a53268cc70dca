/**
 * The life of a parcel: two pure functions over the catalogue of events. `decide` checks whether a command may become the
 * parcel's next record; `apply` folds a record into the parcel.
 */

import { type FieldRevs, fieldRevsAfter, undoAfter, unseenAfter, urgentAfter, without } from './amendment.ts';
import { addsNothing } from './amendment-check.ts';
import { assert, CapsError } from './errors.ts';
import {
  type ActorKind,
  type EventName,
  holderRuleOf,
  isAttempt,
  isRemark,
  keepsStatus,
  life,
  type Status,
  type Step,
  statusWords,
} from './events.ts';
import { sameJson } from './json.ts';
import { limits } from './limits.ts';
import type { Author, CapsRecord, Command } from './messages.ts';
import type { Order, ParcelId, Unseen, UrgentNote } from './orders.ts';
import type { Proven } from './proof.ts';
import { handoversAfter, proofDetails, provenAfter } from './proof-check.ts';

// ---- who ----

/** Who acts, after the door has checked it. An admin's `id` is that of their key. */
export type Actor =
  | { readonly role: 'vendor'; readonly store: string; readonly name?: string | undefined }
  | { readonly role: 'driver'; readonly driver: string; readonly name?: string | undefined }
  | { readonly role: 'admin'; readonly id?: string | undefined; readonly name?: string | undefined }
  | { readonly role: 'customer'; readonly parcel: ParcelId; readonly name?: string | undefined }
  /** `rev`: the parcel's when the hub read it. The command fails if the parcel has had a record since. */
  | { readonly role: 'hub'; readonly rev?: number; readonly name?: string | undefined };

/** The actor as records name it. */
export function authorOf(actor: Actor): Author {
  const own = 'store' in actor ? actor.store : 'driver' in actor ? actor.driver : undefined;
  const id = own ?? (actor.role === 'admin' ? actor.id : undefined) ?? actor.role;
  return { role: actor.role, id, ...(actor.name === undefined ? {} : { name: actor.name }) };
}

/**
 * Names the sender of a command. Command ids are unique per sender, and senders share the queue fairly. Each customer is
 * a sender of their own, so that their ids cannot collide. No id has a line break.
 */
export function senderOf(actor: Actor): string {
  if (actor.role === 'customer') return `customer:${actor.parcel.store}\n${actor.parcel.orderID}`;
  const { role, id } = authorOf(actor);
  return `${role}:${id}`;
}

// ---- the parcel ----

export interface Holder {
  readonly id: string;
  readonly name?: string | undefined;
}

/** What `corrected` restores. */
export interface UndoPoint {
  /** The record that made the change, and its author, who may take it back. */
  readonly rev: number;
  readonly by: Author;
  /** The machine's clock: the log's time stands still while the machine's is behind. */
  readonly time: string;
  readonly status: Status;
  readonly holder: Holder | null;
  readonly attempts: number;
  readonly unseen?: Unseen | undefined;
}

/** The fold of a parcel's records. */
export interface Parcel {
  readonly payload: Order;
  readonly status: Status;
  /** Number of its records. */
  readonly rev: number;
  readonly attempts: number;
  /** Who has it; after `delivered` and `returned`, its last holder. */
  readonly holder: Holder | null;
  /** The holder and past holders, in the order of their first claim. Only the latest `pastDrivers` stay. */
  readonly drivers: readonly string[];
  readonly createdAt: string;
  /** Time of the latest change of status, holder or attempts. */
  readonly changedAt: string;
  /** The part of its latest record that shows whether a command repeats it. */
  readonly latest: {
    readonly event: EventName;
    readonly by: Author;
    readonly details?: unknown;
    readonly time: string;
  };
  /** The state before the latest change; null if there is nothing to take back. */
  readonly before: UndoPoint | null;
  /** As it was before all amendments. */
  readonly placed?: Order | undefined;
  readonly fieldRevs?: FieldRevs | undefined;
  readonly unseen?: Unseen | undefined;
  readonly urgent?: UrgentNote | undefined;
  /** Oldest first; none without `proof` records, nor of wrong PINs. */
  readonly proofs?: readonly Proven[] | undefined;
  /** Wrong PINs since dispatch has looked. */
  readonly pinTries?: number | undefined;
  /** The records that handed it over, or tried to. Parcels of older logs may lack those of before. */
  readonly handovers?: readonly number[] | undefined;
}

export function parcelIdOf(parcel: { payload: ParcelId }): ParcelId {
  return { store: parcel.payload.store, orderID: parcel.payload.orderID };
}

// ---- decide ----

const stepsOf = Object.groupBy(life, (step) => step.event);

/** `repeats` names the record that already says the same. */
export type Decision =
  | {
      readonly kind: 'record';
      readonly status: Status;
      readonly details?: Record<string, unknown> | undefined;
    }
  | { readonly kind: 'repeats'; readonly which: 'first' | 'latest' };

/**
 * Decides whether the command becomes the parcel's next record. The checks run in the documented order: may the actor see
 * the parcel, may the role do this, does someone else hold the parcel, does its status fit.
 *
 * @param now the machine's clock in milliseconds since 1970
 * @throws CapsError unknown-parcel, not-allowed, conflict, taken, stale-claim, wrong-status, bad-message
 */
export function decide(parcel: Parcel | undefined, command: Command, actor: Actor, now: number): Decision {
  if (command.event === 'pickup') return decidePickup(parcel, command, actor);
  if (!parcel || !maySee(parcel.payload, actor)) throw new CapsError('unknown-parcel');

  const { event } = command;
  const details: Record<string, unknown> | undefined = command.details;
  const steps = stepsOf[event] ?? [];
  const mine = steps.filter((step) => step.who.some((who) => roleFits(who, actor)));
  if (mine.length === 0) throw new CapsError('not-allowed', `${aRole(actor)} may not send "${event}".`);
  if (event === 'claimed' && actor.role === 'driver' && details?.['driver'] !== undefined) {
    throw new CapsError('not-allowed', 'A driver claims for themselves alone.');
  }

  if (command.id === undefined && !isRemark(event) && repeatsLatest(parcel, event, details, actor)) {
    return { kind: 'repeats', which: 'latest' };
  }
  checkHolder(parcel, event, mine, actor);

  if (event === 'corrected') return decideCorrected(parcel, command.details.rev, actor, now);
  const step = mine.find(
    ({ from, who }) => from.includes(parcel.status) && who.some((one) => isKind(one, parcel, actor)),
  );
  if (!step) {
    throw new CapsError(
      'wrong-status',
      `The parcel is ${statusWords[parcel.status]}; "${event}" does not fit.`,
      {
        details: { status: parcel.status },
      },
    );
  }
  if ((isRemark(event) || event === 'amended') && parcel.rev >= limits.notedRevs) {
    const what = `A parcel with ${limits.notedRevs} records takes no more notes and changes of its order.`;
    throw new CapsError('too-large', what);
  }
  if (step.needs !== undefined && details?.[step.needs] === undefined) {
    throw new CapsError('bad-message', `details.${step.needs}: "${event}" needs this here.`, {
      details: { field: `details.${step.needs}` },
    });
  }
  assert(step.to !== 'before', 'only "corrected" goes back');
  if (addsNothing(parcel, command, actor.role)) return { kind: 'repeats', which: 'latest' };
  if (event === 'note' && command.details.urgent && actor.role !== 'driver') {
    throw new CapsError('not-allowed', 'Only drivers write urgent notes: dispatch has to see them.');
  }
  const status = step.to === 'same' ? parcel.status : step.to;
  const told = event === 'proof' ? proofDetails(parcel, details) : details;
  return { kind: 'record', status, ...(told && Object.keys(told).length > 0 ? { details: told } : {}) };
}

function decidePickup(
  parcel: Parcel | undefined,
  command: Command & { event: 'pickup' },
  actor: Actor,
): Decision {
  if (actor.role !== 'admin' && actor.role !== 'vendor') {
    throw new CapsError('not-allowed', `${aRole(actor)} may not send "pickup".`);
  }
  if (!maySee(command.payload, actor)) {
    throw new CapsError('not-allowed', 'A store may send orders of its own alone.');
  }
  if (!parcel) return { kind: 'record', status: 'ready' };
  // Who sends an order again may not have heard that it was amended.
  const said = [parcel.payload, parcel.placed];
  if (said.some((order) => sameJson(order, command.payload))) return { kind: 'repeats', which: 'first' };
  throw new CapsError('conflict', `Order id "${command.payload.orderID}" is already used for another order.`);
}

/** With its article, to begin a sentence. */
function aRole({ role }: Actor): string {
  return `${role === 'admin' ? 'An' : 'A'} ${role}`;
}

/** Where it is false, the error is that of a missing parcel, so that no store learns of another's parcels. */
export function maySee(key: ParcelId, actor: Actor): boolean {
  switch (actor.role) {
    case 'vendor':
      return key.store === actor.store;
    case 'customer':
      return key.store === actor.parcel.store && key.orderID === actor.parcel.orderID;
    case 'driver':
    case 'admin':
    case 'hub':
      return true;
  }
}

/** @returns whether an actor of this role can be of this kind for any parcel */
function roleFits(who: ActorKind, actor: Actor): boolean {
  switch (who) {
    case 'store':
      return actor.role === 'vendor';
    case 'driver':
    case 'holder':
      return actor.role === 'driver';
    case 'admin':
    case 'hub':
      return actor.role === who;
    case 'author':
      return actor.role === 'driver' || actor.role === 'vendor';
    case 'party':
      return actor.role !== 'hub';
  }
}

/** @returns whether the actor is of this kind for this parcel */
function isKind(who: ActorKind, parcel: Parcel, actor: Actor): boolean {
  if (!roleFits(who, actor)) return false;
  if (who === 'holder') return actor.role === 'driver' && parcel.holder?.id === actor.driver;
  if (who === 'author') return parcel.before !== null && isSame(parcel.before.by, authorOf(actor));
  if (who === 'party') return actor.role !== 'driver' || parcel.drivers.includes(actor.driver);
  return true;
}

function isSame(a: Author, b: Author): boolean {
  return a.role === b.role && a.id === b.id;
}

function repeatsLatest(parcel: Parcel, event: EventName, details: unknown, actor: Actor): boolean {
  const { latest } = parcel;
  return (
    latest.event === event &&
    isSame(latest.by, authorOf(actor)) &&
    sameJson(latest.details ?? {}, details ?? {})
  );
}

/** Refuses a driver's step on someone else's parcel, and the hub's step on a parcel that has changed since it looked. */
function checkHolder(parcel: Parcel, event: EventName, steps: readonly Step[], actor: Actor): void {
  if (actor.role === 'hub' && actor.rev !== undefined && actor.rev !== parcel.rev) {
    throw new CapsError('stale-claim', 'Something happened to the parcel since the hub looked at it.');
  }
  if (actor.role !== 'driver') return;
  if (parcel.holder && parcel.holder.id !== actor.driver) {
    const wantsReady = steps.some((step) => step.from.includes('ready') && step.who.includes('driver'));
    if (wantsReady) {
      const by = parcel.holder.name ?? parcel.holder.id;
      throw new CapsError('taken', undefined, { details: { by, time: parcel.changedAt } });
    }
    if (isRemark(event) && parcel.drivers.includes(actor.driver)) return;
    throw new CapsError('stale-claim');
  }
  if (isRemark(event) && !parcel.drivers.includes(actor.driver)) {
    throw new CapsError('not-allowed', 'Only those who have to do with a parcel write on it.');
  }
}

function decideCorrected(parcel: Parcel, rev: number, actor: Actor, now: number): Decision {
  const { before } = parcel;
  if (!before) throw new CapsError('wrong-status', 'There is nothing here that can be taken back.');
  if (before.rev !== rev) {
    const what = `Only the latest change can be taken back, and that is number ${before.rev}.`;
    throw new CapsError('wrong-status', what, { details: { rev: before.rev } });
  }
  if (actor.role !== 'admin') {
    if (!isKind('author', parcel, actor)) {
      throw new CapsError('not-allowed', 'A change is taken back by who made it, or by dispatch.');
    }
    // The clock may have been set back since: then the age is unknown and the time is over, too.
    if (Math.abs(now - Date.parse(before.time)) > limits.correctMs) {
      throw new CapsError('wrong-status', 'A change can be taken back for two minutes.');
    }
  }
  return { kind: 'record', status: before.status, details: { rev } };
}

// ---- apply ----

/** A record before the log has given it a seq. */
export type UnnumberedRecord = Omit<CapsRecord, 'seq'>;

/** Folds one more record into its parcel. */
export function apply(parcel: Parcel | undefined, record: UnnumberedRecord): Parcel {
  const { event, time, by, details, rev, machineTime } = record;
  const latest = { event, by, time, ...(details ? { details } : {}) };
  if (!parcel) {
    assert(event === 'pickup' && rev === 1, 'a life begins with pickup');
    return {
      payload: record.payload,
      status: record.status,
      rev,
      attempts: 0,
      holder: null,
      drivers: [],
      createdAt: time,
      changedAt: time,
      latest,
      before: null,
    };
  }
  assert(rev === parcel.rev + 1, `rev ${rev} follows ${parcel.rev}`);
  if (keepsStatus(event)) return added(parcel, record, latest);

  const { holder, attempts } = afterwards(parcel, record);
  const isNew = holder !== null && !parcel.drivers.includes(holder.id);
  const { status, holder: had, attempts: tried } = parcel;
  const undo = { rev, by, time: machineTime ?? time, status, holder: had, attempts: tried };
  const unseen =
    event === 'corrected' ? parcel.before?.unseen : parcel.unseen && unseenAfter(parcel, record, holder);
  return {
    ...(parcel.unseen ? without(parcel, 'unseen') : parcel),
    ...(unseen ? { unseen } : {}),
    status: record.status,
    rev,
    attempts,
    holder,
    drivers: isNew ? [...parcel.drivers, holder.id].slice(-limits.pastDrivers) : parcel.drivers,
    changedAt: time,
    latest,
    ...handoversAfter(parcel.handovers, record),
    before: event === 'corrected' ? null : parcel.unseen ? { ...undo, unseen: parcel.unseen } : undo,
  };
}

/** Adds what leaves status, holder and attempts as they are. */
function added(parcel: Parcel, record: UnnumberedRecord, latest: Parcel['latest']): Parcel {
  const { payload, placed, pinTries, ...rest } = without(parcel, 'unseen', 'urgent');
  const [unseen, urgent] = [unseenAfter(parcel, record, parcel.holder), urgentAfter(parcel.urgent, record)];
  const { before } = parcel;
  const original = record.event === 'amended' ? (placed ?? payload) : placed;
  const fieldRevs = fieldRevsAfter(parcel.fieldRevs, payload, record);
  // Dispatch has looked: there are more tries.
  const isForgiven = parcel.urgent && !urgent && (pinTries ?? 0) >= limits.pinTries;
  return {
    payload: record.event === 'amended' ? record.payload : payload,
    ...rest,
    ...{ rev: record.rev, latest, before: before && undoAfter(before, payload, record) },
    ...(original ? { placed: original } : {}),
    ...(fieldRevs ? { fieldRevs } : {}),
    ...(unseen ? { unseen } : {}),
    ...(urgent ? { urgent } : {}),
    ...(pinTries === undefined || isForgiven ? {} : { pinTries }),
    ...(record.event === 'proof' ? provenAfter(parcel, record.details, record.time) : {}),
  };
}

function afterwards(
  parcel: Parcel,
  { event, by, details }: UnnumberedRecord,
): Pick<Parcel, 'holder' | 'attempts'> {
  const { holder, before } = parcel;
  const attempts = parcel.attempts + (isAttempt(event) ? 1 : 0);
  switch (holderRuleOf(event)) {
    case 'same':
      return { holder, attempts };
    case 'nobody':
      return { holder: null, attempts };
    case 'named':
      return { holder: newHolder(by, details) ?? holder, attempts };
    case 'before':
      assert(before, 'a correction has something to go back to');
      return { holder: before.holder, attempts: before.attempts };
  }
}

/** The driver named in the details (dispatch acting for one), else the driver who acted. */
function newHolder(by: Author, details: Record<string, unknown> | undefined): Holder | undefined {
  const driver = details?.['driver'];
  if (typeof driver === 'string') {
    const name = details?.['name'];
    return typeof name === 'string' ? { id: driver, name } : { id: driver };
  }
  if (by.role !== 'driver') return undefined;
  return by.name === undefined ? { id: by.id } : { id: by.id, name: by.name };
}
