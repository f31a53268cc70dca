/** The contract once more, in a few dozen lines independent of the hub's code. */

import { isDeepStrictEqual } from 'node:util';
import type { EventName, Status } from '../../protocol/events.ts';
import type { Command } from '../../protocol/messages.ts';
import { type Actor, authorOf } from '../../protocol/parcel.ts';
import { fold, from, isHalfPlace, type OracleParcel, saySame, to } from '../oracle.ts';

interface ModelParcel extends OracleParcel {
  /** Who may correct the latest change, and until when. */
  change: { rev: number; by: string; at: number } | undefined;
  records: ModelRecord[];
  /** The order after each record. */
  orders: OracleParcel['order'][];
}
export interface ModelRecord {
  seq: number;
  storeSeq: number;
  rev: number;
  status: Status;
  key: string;
  by: string;
  command: Command;
  /** How a PIN was found. */
  pin: Pin | undefined;
  drivers: string[];
}
export type Verdict = { told: ModelRecord; duplicate: boolean; pin?: Pin | undefined } | { code: string };
type Pin = 'right' | 'wrong';
type Decision = { to: Status; pin?: Pin } | { told: ModelRecord; duplicate: true; pin?: Pin };

/** Roles that may send each event at all. */
const roles: Readonly<Record<Exclude<EventName, 'pickup' | 'corrected' | 'note'>, string>> = {
  claimed: 'driver admin',
  released: 'driver admin',
  'in-transit': 'driver',
  delivered: 'driver admin',
  'attempt-failed': 'driver',
  retried: 'driver admin',
  returning: 'driver admin',
  returned: 'driver vendor admin',
  cancelled: 'vendor admin',
  reassigned: 'admin',
  amended: 'vendor admin',
  seen: 'driver admin',
  proof: 'driver admin',
};
/** Statuses in which a shop may cancel an order or change it. */
const shopStatuses: readonly Status[] = ['ready', 'claimed'];
const held: readonly Status[] = ['claimed', 'in-transit', 'failed', 'returning'];
const parcelIdOf = ({ payload }: Command): string => `${payload.store}/${payload.orderID}`;
/** `role:id`. */
export const actorName = (actor: Actor): string => `${actor.role}:${authorOf(actor).id}`;
/** Under one command id there is one try at a PIN. */
const said = ({ event, payload, details = {} }: Command): string =>
  JSON.stringify([event, payload, 'kind' in details && details.kind === 'pin' ? details.rev : details]);
/** What can be proven after the parcel has moved on. */
const handedOver: readonly EventName[] = ['in-transit', 'delivered', 'attempt-failed', 'returned'];

export class Model {
  readonly log: ModelRecord[] = [];
  readonly parcels = new Map<string, ModelParcel>();
  readonly #ids = new Map<string, ModelRecord>();
  /** What became of commands that left no record. */
  readonly #unrecorded = new Map<string, { said: string; verdict: Verdict; at: number }>();
  readonly #pinOf: (key: string) => string;

  /** @param pinOf the PIN on the page of a parcel's customer */
  constructor(pinOf: (key: string) => string) {
    this.#pinOf = pinOf;
  }

  submit(actor: Actor, command: Command, now: number): Verdict {
    const id = command.id === undefined ? undefined : `${actorName(actor)} ${command.id}`;
    const known = id === undefined ? undefined : this.#ids.get(id);
    if (known)
      return said(known.command) === said(command)
        ? { told: known, duplicate: true, pin: known.pin }
        : { code: 'id-reused' };
    const before = id === undefined ? undefined : this.#unrecorded.get(id);
    if (before && before.said === said(command) && now - before.at < 60_000) return before.verdict;
    const decided = this.#decide(actor, command, now);
    const verdict = typeof decided === 'string' ? { code: decided } : decided;
    if (!('to' in verdict)) {
      const isKept = 'code' in verdict || command.event === 'amended';
      if (id !== undefined && isKept) this.#unrecorded.set(id, { said: said(command), verdict, at: now });
      return verdict;
    }
    const told = this.#append(actor, command, verdict, now);
    if (id !== undefined) this.#ids.set(id, told);
    return { told, duplicate: false, pin: verdict.pin };
  }

  /** Restarting forgets what left no record. */
  restart(): void {
    this.#unrecorded.clear();
  }

  /** The new status, the record that this repeats, or an error, in the contract's order. */
  #decide(actor: Actor, command: Command, now: number): Decision | string {
    const { event, payload, details = {} } = command;
    const parcel = this.parcels.get(parcelIdOf(command));
    const isOwn = actor.role !== 'vendor' || payload.store === actor.store;
    if (event === 'pickup') {
      if (actor.role === 'driver' || !isOwn) return 'not-allowed';
      const first = parcel?.records[0];
      if (!first) return { to: 'ready' };
      const isSame = [parcel.placed, parcel.order].some((known) => isDeepStrictEqual(known, payload));
      return isSame ? { told: first, duplicate: true } : 'conflict';
    }
    if (!parcel || !isOwn) return 'unknown-parcel';
    if (event !== 'corrected' && event !== 'note' && !roles[event].includes(actor.role)) return 'not-allowed';
    const { status, holder, drivers: had } = parcel;
    const latest = parcel.records.at(-1);
    const isPin = command.event === 'proof' && command.details.kind === 'pin';
    if (command.id === undefined && event !== 'note' && !isPin && latest && latest.by === actorName(actor)) {
      if (said(latest.command) === said(command)) return { told: latest, duplicate: true };
    }
    if (actor.role === 'driver') {
      const isElsewhere = holder !== undefined && holder !== actor.driver;
      if (event === 'note') {
        if (!had.includes(actor.driver)) return isElsewhere ? 'stale-claim' : 'not-allowed';
      } else if (isElsewhere) return event === 'claimed' || event === 'in-transit' ? 'taken' : 'stale-claim';
    }
    if (event === 'note')
      return command.details.urgent && actor.role !== 'driver' ? 'not-allowed' : { to: status };
    if (event === 'corrected') return this.#correct(parcel, actor, command.details.rev, now);
    const isDispatch = event === 'cancelled' && actor.role === 'admin';
    const isShops = actor.role === 'vendor' && (event === 'cancelled' || event === 'amended');
    const isHolders = actor.role === 'driver' && event === 'seen';
    const allowed = isShops ? shopStatuses : isHolders ? held : from[event];
    if (!allowed.includes(status)) return 'wrong-status';
    if (command.event === 'amended' && isHalfPlace(command.details)) return 'bad-message';
    if (command.event === 'amended' && command.details.rev !== undefined) {
      if (command.details.rev > parcel.rev) return 'bad-message';
      if (hasChanged(parcel, command.details, command.details.rev)) return 'conflict';
    }
    if (event === 'amended' || event === 'seen') {
      if (!latest || this.#isNews(parcel, actor, command)) return { to: status };
      return { told: latest, duplicate: true };
    }
    if (command.event === 'proof' && latest) return this.#prove(parcel, actor, command, latest);
    if (isDispatch && !('reason' in details)) return 'bad-message';
    return { to: to[event] ?? status };
  }

  #prove(
    { records, change, status }: ModelParcel,
    actor: Actor,
    command: Command & { event: 'proof' },
    latest: ModelRecord,
  ): Decision | string {
    const { kind, rev, text } = command.details;
    const handed = records.filter((one) => handedOver.includes(one.command.event)).map((one) => one.rev);
    const isKnown = handed.length > 0 || status === 'claimed';
    const isProvable = !isKnown || handed.includes(rev) || rev >= (change?.rev ?? handed.at(-1) ?? 1);
    if (rev > records.length || !isProvable) return 'bad-message';
    const proofs = records.filter((one) => one.command.event === 'proof' && one.pin !== 'wrong');
    if (kind !== 'pin') {
      const isRepeat = proofs.some((one) => isDeepStrictEqual(one.command.details, command.details));
      if (isRepeat) return { told: latest, duplicate: true };
      return proofs.length < 12 ? { to: status } : 'too-large';
    }
    if (actor.role !== 'driver') return 'not-allowed';
    const isRight = ({ command, pin }: ModelRecord) =>
      pin === 'right' && command.event === 'proof' && command.details.rev === rev;
    if (proofs.some(isRight)) return { told: latest, duplicate: true, pin: 'right' };
    if (wrongPins(records) >= 5) return 'not-allowed';
    if (text !== this.#pinOf(parcelIdOf(command))) return { to: status, pin: 'wrong' };
    return proofs.length < 12 ? { to: status, pin: 'right' } : 'too-large';
  }

  #isNews(parcel: ModelParcel, actor: Actor, command: Command): boolean {
    const changed = fold(parcel, { ...command, by: authorOf(actor), rev: parcel.rev + 1 });
    if (command.event === 'amended') return !saySame(changed.order, parcel.order);
    return changed.unseen !== parcel.unseen || changed.urgent !== parcel.urgent;
  }

  #correct({ change, before }: ModelParcel, actor: Actor, rev: number, now: number): { to: Status } | string {
    if (change?.rev !== rev || !before) return 'wrong-status';
    const { status } = before;
    if (actor.role === 'admin') return { to: status };
    if (change.by !== actorName(actor)) return 'not-allowed';
    return now - change.at > 120_000 ? 'wrong-status' : { to: status };
  }

  #append(actor: Actor, command: Command, { to, pin }: { to: Status; pin?: Pin }, at: number): ModelRecord {
    const key = parcelIdOf(command);
    const by = actorName(actor);
    const known = this.parcels.get(key);
    const { event } = command;
    const rev = (known?.records.length ?? 0) + 1;
    const folded = fold(known, {
      event,
      by: authorOf(actor),
      rev,
      details: pin
        ? { ...command.details, text: pin, tries: wrongPins(known?.records ?? []) + 1 }
        : command.details,
      payload: command.payload,
    });
    const isMore = event === 'note' || event === 'amended' || event === 'seen' || event === 'proof';
    const change = isMore ? known?.change : isChange(event) ? { rev, by, at } : undefined;
    const records = known?.records ?? [];
    const orders = known?.orders ?? [];
    orders.push(folded.order);
    this.parcels.set(key, { ...folded, change, records, orders });
    const ofStore = this.log.filter((told) => told.command.payload.store === command.payload.store);
    const told = {
      ...{ seq: this.log.length + 1, storeSeq: ofStore.length + 1, rev, status: to, key, by, command, pin },
      drivers: [...folded.drivers],
    };
    records.push(told);
    this.log.push(told);
    return told;
  }
}

/** Whether what these details would change was changed by a record after this one; a place is that of the address. */
function hasChanged({ orders, order }: ModelParcel, details: object, seen: number): boolean {
  const alone = (of: OracleParcel['order'], field: string) => ({ [field]: of[field] ?? null });
  const meant = Object.entries(details).flatMap(([field, wanted]) => {
    if (field === 'rev' || saySame(alone(order, field), { [field]: wanted })) return [];
    return field === 'latitude' && wanted !== null && !('address' in details) ? [field, 'address'] : [field];
  });
  return meant.some((field) =>
    orders.some((now, at) => {
      const before = orders[at - 1];
      return at >= seen && before !== undefined && !saySame(alone(now, field), alone(before, field));
    }),
  );
}

/** Wrong PINs of a parcel since dispatch has seen the fifth. */
function wrongPins(records: readonly ModelRecord[]): number {
  let wrong = 0;
  for (const { pin, by, command } of records) {
    if (pin === 'wrong') wrong += 1;
    if (wrong >= 5 && command.event === 'seen' && by.startsWith('admin:')) wrong = 0;
  }
  return wrong;
}

function isChange(event: EventName): boolean {
  return event !== 'pickup' && event !== 'corrected';
}
