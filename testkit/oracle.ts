/**
 * The contract's rules of a parcel's life, written a second time on purpose: a checker that used the hub's code could
 * not see its faults. It shares only names with protocol/parcel.ts and the catalogue. The history checker folds logs
 * with it, even faulty ones; the model of the hub decides commands with it.
 */

import { isDeepStrictEqual } from 'node:util';
import type { EventName, Status } from '../protocol/events.ts';
import type { CapsRecord } from '../protocol/messages.ts';

export interface OracleParcel {
  readonly status: Status;
  readonly rev: number;
  readonly attempts: number;
  readonly holder: string | undefined;
  /** Current and past holders. */
  readonly drivers: readonly string[];
  /** The state that a correction restores. */
  readonly before: { status: Status; holder: string | undefined; attempts: number; known: Order } | undefined;
  /** As it was placed, and as it is now. */
  readonly placed: Order;
  readonly order: Order;
  /** The order that the holder knows, and the latest amendment. */
  readonly known: Order;
  readonly amendedRev: number | undefined;
  /** Latest amendment that the holder has not confirmed, and latest urgent note that dispatch has not. */
  readonly unseen: number | undefined;
  readonly urgent: number | undefined;
}
type Order = Readonly<Record<string, unknown>>;

export type Misfit = 'second pickup' | 'held by another' | 'another order' | 'does not fit';

/** Statuses of open parcels. */
export const unfinished: readonly Status[] = ['ready', 'claimed', 'in-transit', 'failed', 'returning'];

/** Statuses from which an event is allowed, whoever sends it. */
export const from: Readonly<Record<Exclude<EventName, 'pickup'>, readonly Status[]>> = {
  claimed: ['ready'],
  released: ['claimed'],
  'in-transit': ['ready', 'claimed'],
  delivered: ['in-transit'],
  'attempt-failed': ['in-transit'],
  retried: ['failed'],
  returning: ['in-transit', 'failed'],
  returned: ['returning'],
  cancelled: unfinished,
  reassigned: ['claimed', 'in-transit', 'failed', 'returning'],
  corrected: ['claimed', 'in-transit', 'ready', 'failed', 'returning', 'delivered', 'returned', 'cancelled'],
  note: ['claimed', 'in-transit', 'ready', 'failed', 'returning', 'delivered', 'returned', 'cancelled'],
  amended: unfinished,
  seen: ['claimed', 'in-transit', 'ready', 'failed', 'returning', 'delivered', 'returned', 'cancelled'],
  proof: ['claimed', 'in-transit', 'failed', 'returning', 'delivered', 'returned'],
};

/** Resulting statuses; other events keep the status, or restore one. */
export const to: Readonly<Partial<Record<EventName, Status>>> = {
  pickup: 'ready',
  claimed: 'claimed',
  released: 'ready',
  'in-transit': 'in-transit',
  delivered: 'delivered',
  'attempt-failed': 'failed',
  retried: 'in-transit',
  returning: 'returning',
  returned: 'returned',
  cancelled: 'cancelled',
};

/** Why the record cannot follow, as far as the log itself shows; undefined if it can. */
export function misfit(parcel: OracleParcel | undefined, record: CapsRecord): Misfit | undefined {
  const { event, by, rev, status } = record;
  if (event === 'pickup') return parcel ? 'second pickup' : undefined;
  if (!parcel) return 'does not fit';
  const byAnother = by.role === 'driver' && parcel.holder !== undefined && parcel.holder !== by.id;
  if (byAnother && event !== 'note') return 'held by another';
  if (record.holder !== undefined && record.holder?.id !== fold(parcel, record).holder) return 'does not fit';
  if (!isDeepStrictEqual(fold(parcel, record).order, record.payload)) return 'another order';
  const fits = from[event].includes(parcel.status) && (event !== 'corrected' || parcel.before !== undefined);
  return fits && rev === parcel.rev + 1 && status === fold(parcel, record).status
    ? undefined
    : 'does not fit';
}

export function fold(
  parcel: OracleParcel | undefined,
  {
    event,
    by,
    rev,
    details,
    payload,
  }: Pick<CapsRecord, 'event' | 'by' | 'rev' | 'details'> & { payload: Order },
): OracleParcel {
  const was = parcel ?? { ...nothing, placed: payload, order: payload, known: payload };
  if (event === 'note') return { ...was, rev, urgent: details?.['urgent'] === true ? rev : was.urgent };
  if (event === 'amended') return { ...was, rev, amendedRev: rev, ...amended(was, rev, details) };
  if (event === 'proof') {
    const isAlarm = details?.['kind'] === 'pin' && details['text'] === 'wrong' && details['tries'] === 5;
    return { ...was, rev, urgent: isAlarm ? rev : was.urgent };
  }
  if (event === 'seen') {
    const upTo = Number(details?.['rev']);
    const left = (news: number | undefined) => (news !== undefined && news <= upTo ? undefined : news);
    if (by.role !== 'driver') return { ...was, rev, urgent: left(was.urgent) };
    const isTheirs = was.before?.holder === by.id;
    const before = was.before && isTheirs ? { ...was.before, known: was.order } : was.before;
    return { ...was, rev, known: was.order, unseen: left(was.unseen), before };
  }
  const back = event === 'corrected' ? was.before : undefined;
  const holder = back ? back.holder : holderAfter(was.holder, event, by, details);
  const status = back?.status ?? to[event] ?? was.status;
  const isHeld = holder !== undefined && unfinished.includes(status);
  const known = !isHeld ? was.order : back ? back.known : holder === was.holder ? was.known : was.order;
  const { placed, order, urgent, amendedRev } = was;
  return {
    ...{ placed, order, urgent, amendedRev, known },
    unseen: readsSame(known, order) ? undefined : amendedRev,
    status,
    rev,
    attempts: back?.attempts ?? was.attempts + (event === 'attempt-failed' ? 1 : 0),
    holder,
    drivers: holder === undefined || was.drivers.includes(holder) ? was.drivers : [...was.drivers, holder],
    before:
      event === 'corrected' || event === 'pickup'
        ? undefined
        : { status: was.status, holder: was.holder, attempts: was.attempts, known: was.known },
  };
}

function amended(
  was: OracleParcel,
  rev: number,
  changes: Order = {},
): Pick<OracleParcel, 'order' | 'known' | 'unseen'> {
  const said = Object.entries(withPlace(was.order, changes)).filter(([field]) => field !== 'rev');
  const all = Object.entries({ ...was.order, ...Object.fromEntries(said) }).filter(
    ([, value]) => value !== null,
  );
  const order = Object.fromEntries(all);
  const known = was.holder === undefined ? order : was.known;
  return { order, known, unseen: readsSame(known, order) ? undefined : rev };
}

/** Another address drops the place of the one before, unless the change names its own. */
function withPlace(order: Order, changes: Order): Order {
  const isElsewhere = 'address' in changes && changes['address'] !== order['address'];
  const isPlaced = 'latitude' in changes || 'longitude' in changes;
  return isElsewhere && !isPlaced ? { ...changes, latitude: null, longitude: null } : changes;
}

/** Whether a change would give an order half of a place, or take half of it away. */
export function isHalfPlace({ latitude, longitude }: Order): boolean {
  const kinds = [latitude, longitude].map((half) =>
    half === undefined || half === null ? half : 'a number',
  );
  return kinds[0] !== kinds[1];
}

/** Whether a holder reads the same in both: a place is not read. */
function readsSame(one: Order, other: Order): boolean {
  const nowhere = { latitude: null, longitude: null };
  return saySame({ ...one, ...nowhere }, { ...other, ...nowhere });
}

/** Whether two orders say the same, in whatever zones their moments are written. */
export function saySame(one: Order, other: Order): boolean {
  return isDeepStrictEqual(inUtc(one), inUtc(other));
}

function inUtc(order: Order): Order {
  const times = ['notBefore', 'dueAt'].filter((field) => typeof order[field] === 'string');
  const moments = times.map((field) => [field, new Date(String(order[field])).toISOString()]);
  return { ...order, ...Object.fromEntries(moments) };
}

function holderAfter(
  holder: string | undefined,
  event: EventName,
  by: CapsRecord['by'],
  details: CapsRecord['details'],
): string | undefined {
  switch (event) {
    case 'claimed':
    case 'in-transit':
    case 'reassigned': {
      const named = details?.['driver'];
      if (typeof named === 'string') return named;
      return by.role === 'driver' ? by.id : holder;
    }
    case 'released':
    case 'cancelled':
      return undefined;
    default:
      return holder;
  }
}

const nothing: Omit<OracleParcel, 'placed' | 'order' | 'known'> = {
  amendedRev: undefined,
  unseen: undefined,
  urgent: undefined,
  status: 'ready',
  rev: 0,
  attempts: 0,
  holder: undefined,
  drivers: [],
  before: undefined,
};
