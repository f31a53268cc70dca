/**
 * How plain clients spell things: the programs that people write for the lab, which know nothing of our protocol.
 * They name the parcel in a dozen ways, and expect to be given back the object that they sent. Only spelling is
 * here; what becomes of it is in plain-clients.ts.
 */

import { isSeen } from '../protocol/characters.ts';
import { CapsError } from '../protocol/errors.ts';
import { fitsLimits } from '../protocol/json.ts';
import { limits } from '../protocol/limits.ts';
import {
  type EventName,
  eventNames,
  newOrderSchema,
  type Order,
  type ParcelKey,
} from '../protocol/messages.ts';

// ---- events ----

const named: ReadonlyMap<string, EventName> = new Map(eventNames.map((name) => [name, name]));

/** `PICKUP`, `IN_TRANSIT`, `inTransit` … by our name for it; undefined where it is no event of ours. */
export function eventNamed(spelling: string): EventName | undefined {
  return named.get(plainName(spelling));
}

/** A plain client may listen for either. */
export function spellingsOf(event: EventName): readonly string[] {
  return [event, event.toUpperCase().replaceAll('-', '_')];
}

/** `needPickup`, `NEED_PICKUP`, `need-pickup` → `need-pickup` */
export function plainName(spelling: string): string {
  return spelling
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}

// ---- reading ----

/** Where each part of an order may stand, the likeliest name first. */
const aliases = {
  store: ['store', 'storeName', 'storeId', 'vendorId', 'clientId', 'queueId'],
  orderID: ['orderID', 'orderId', 'orderid', 'order_id', 'messageId'],
  customer: ['customer', 'customerName', 'firstName'],
  address: ['address'],
} as const;
/** An order may stand by itself, or inside one of these. */
const wrappers = ['order', 'payload'] as const;
/** What an order gets that names no customer or no address: the lab's hub relays it all the same. */
const notGiven = 'not given';

type Given = Record<string, unknown>;

function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Objects are given back as they came, numbers in them included. */
function partOf(given: Given, part: keyof typeof aliases): string | number | undefined {
  const places = [given, ...wrappers.map((name) => given[name]).filter(isObject)];
  for (const name of aliases[part]) {
    for (const place of places) {
      const value = place[name];
      if (typeof value === 'string' && isSeen(value)) return value;
      if (typeof value === 'number' && Number.isFinite(value)) return value;
    }
  }
  return undefined;
}

/** What a plain client sends about a parcel. @throws CapsError bad-message, too-large */
export function readGiven(payload: unknown): Given {
  if (!isObject(payload)) {
    throw new CapsError('bad-message', 'payload: An order is an object.', { details: { field: 'payload' } });
  }
  fitsLimits(payload, limits.commandBytes);
  return payload;
}

/** The parcel as the client names it. @throws CapsError bad-message */
export function parcelNamedIn(given: Given): ParcelKey {
  const store = partOf(given, 'store');
  const orderID = partOf(given, 'orderID');
  if (store === undefined) throw missing('store');
  if (orderID === undefined) throw missing('orderID');
  return { store: String(store).trim(), orderID: String(orderID).trim() };
}

function missing(field: string): CapsError {
  return new CapsError('bad-message', `payload.${field}: This is missing.`, {
    details: { field: `payload.${field}` },
  });
}

/**
 * The order that is recorded for what was given. It is kept as it came, with our names for its parts beside it;
 * where those would change what was given, an order id that is a number say, it goes under `given` as a whole.
 */
export function orderOf(given: Given, key: ParcelKey): Order {
  const own = {
    ...key,
    customer: String(partOf(given, 'customer') ?? notGiven),
    address: String(partOf(given, 'address') ?? notGiven),
  };
  const together = { ...given, ...own };
  const isSameId = partOf(given, 'orderID') === key.orderID;
  const keepsAll = isSameId && Object.entries(own).every(([name, value]) => (given[name] ?? value) === value);
  const isOrder = keepsAll && !('given' in given) && newOrderSchema.safeParse(together).success;
  return isOrder ? together : { ...own, given };
}

// ---- giving back ----

/**
 * What plain clients get of a parcel: the object that its `pickup` brought, with the names that others of them look
 * for filled in where they are missing.
 * @param event what happened, for those whose object says so
 */
export function givenBack(order: Order, event: EventName): Given {
  const { given } = order;
  const object: Given = isObject(given) ? given : order;
  const id = partOf(object, 'orderID') ?? order.orderID;
  const { store, customer, address } = order;
  const saysEvent = typeof object['event'] === 'string' && eventNamed(object['event']) !== undefined;
  return {
    ...{ store, orderID: id, orderId: id, messageId: id, customer, address },
    ...object,
    ...(saysEvent ? { event } : {}),
  };
}

// ---- rooms and queues ----

const roomNames = ['store', 'storeName', 'clientId', 'queueId', 'vendorId', 'roomName', 'room'] as const;

/** The room or queue that a plain client names, as a text or inside an object; undefined where it names none. */
export function queueNamedIn(asked: unknown): string | undefined {
  if (typeof asked === 'string' || typeof asked === 'number') return shortName(asked);
  if (!isObject(asked)) return undefined;
  for (const name of roomNames) {
    const value = asked[name];
    if (typeof value === 'string' || typeof value === 'number') return shortName(value);
  }
  return undefined;
}

function shortName(value: string | number): string | undefined {
  const name = String(value).trim();
  return name !== '' && name.length <= limits.idLength ? name : undefined;
}

/** Whether this is what drivers call their queue. */
export function isDriversQueue(queue: string): boolean {
  return /^drivers?$/i.test(queue);
}

/** The event that an object says it is about; undefined where it says none of ours. */
export function eventIn(asked: unknown): EventName | undefined {
  return isObject(asked) && typeof asked['event'] === 'string' ? eventNamed(asked['event']) : undefined;
}

/** The driver that all plain clients of one address are. */
export function plainDriver(address: string): string {
  return `plain:${address}`;
}
