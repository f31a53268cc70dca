/**
 * Reads plain clients' orders in any form, keeps them as they came, and returns them so. dialects.ts has the names of
 * their parts.
 */

import { isVisible, withoutFaults } from '../../protocol/characters.ts';
import { CapsError } from '../../protocol/errors.ts';
import type { EventName } from '../../protocol/events.ts';
import { isReusedOrderId, originalOrderId } from '../../protocol/ids.ts';
import { fitsLimits, sameJson } from '../../protocol/json.ts';
import { limits } from '../../protocol/limits.ts';
import { newOrderSchema, type Order, type ParcelId } from '../../protocol/orders.ts';
import { type NumberPaths, needsExactness, parseExactly, withNumbers } from '../edge/exact-json.ts';
import { addressParts, aliases, eventNamed, innerFirst, roomNames, wrappers } from './dialects.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A message about a parcel. */
export interface RawOrder {
  readonly object: Fields;
  /** The JSON text, if it came as one. */
  readonly text?: string;
  /** Paths of numbers that the object holds as text. */
  readonly numbers: NumberPaths;
}

/** A parcel as a plain client gets it. */
export interface RelayedOrder {
  readonly object: Fields;
  /** The JSON text, if the order came as one. */
  readonly text: string | undefined;
}

/** Replaces a missing customer or address: the lab's hub relays such orders, too. */
const notGiven = 'not given';
const wrappedDepth = 2;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// ---- reading ----

/** @param numbers of the payload that it holds as text @throws CapsError bad-message, too-large */
export function readGiven(payload: unknown, numbers: NumberPaths = []): RawOrder {
  const read = typeof payload === 'string' ? readText(payload) : { object: payload, numbers };
  const { object } = read;
  if (!isObject(object)) {
    throw new CapsError('bad-message', 'payload: An order is an object.', { details: { field: 'payload' } });
  }
  fitsLimits(object, limits.commandBytes);
  return { ...read, object };
}

function readText(text: string): { object: unknown; text?: string; numbers: NumberPaths } {
  if (!text.trimStart().startsWith('{') || text.length > limits.commandBytes) {
    return { object: undefined, numbers: [] };
  }
  try {
    const { value, numbers } = readExactly(text, JSON.parse(text));
    return { object: value, text, numbers };
  } catch {
    return { object: undefined, numbers: [] };
  }
}

/** Objects that may contain a part, outermost first. */
function placesIn(given: Fields): Fields[] {
  const places = [given];
  let outer = places;
  for (let depth = 0; depth < wrappedDepth; depth += 1) {
    outer = outer.flatMap((place) => wrappers.map((name) => place[name]).filter(isObject));
    places.push(...outer);
  }
  return places;
}

/** Objects are returned as they came, numbers included. */
function partOf(given: Fields, part: keyof typeof aliases): string | number | undefined {
  const places = placesIn(given);
  for (const name of aliases[part]) {
    for (const place of innerFirst.has(name) ? places.toReversed() : places) {
      const value = place[name];
      if (typeof value === 'string' && isVisible(value)) return value;
      if (typeof value === 'number' && Number.isFinite(value)) return value;
    }
  }
  return undefined;
}

/** The address as one line, from a text, an object or separate fields. */
function addressIn(given: Fields): string | undefined {
  const text = partOf(given, 'address');
  if (text !== undefined) return String(text);
  const places = placesIn(given);
  const apart = places.map((place) => place['address']).find(isObject);
  if (apart) return joined(Object.values(apart));
  for (const place of places) {
    const line = joined(addressParts.map((name) => place[name]));
    if (line !== undefined) return line;
  }
  return undefined;
}

function joined(parts: readonly unknown[]): string | undefined {
  const texts = parts.filter((part) => typeof part === 'string' || typeof part === 'number');
  return texts.length === 0 ? undefined : texts.join(', ');
}

/** The parcel that the client names. @throws CapsError bad-message */
export function parcelNamedIn({ object }: Pick<RawOrder, 'object'>): ParcelId {
  const store = partOf(object, 'store');
  const orderID = partOf(object, 'orderID');
  if (store === undefined) throw missing('store');
  if (orderID === undefined) throw missing('orderID');
  return { store: String(store).trim(), orderID: String(orderID).trim() };
}

function missing(field: string): CapsError {
  return new CapsError('bad-message', `payload.${field}: This is missing.`, {
    details: { field: `payload.${field}` },
  });
}

/** The id, if the payload is nothing but an id. */
export function bareIdIn(payload: unknown): string | undefined {
  if (typeof payload === 'number' && Number.isFinite(payload)) return String(payload);
  if (typeof payload === 'string' && !payload.trimStart().startsWith('{')) return shortName(payload);
  if (!isObject(payload) || partOf(payload, 'store') !== undefined) return undefined;
  const orderID = partOf(payload, 'orderID');
  return orderID === undefined ? undefined : shortName(orderID);
}

/** Whether it says enough to be an order, not only which one is meant. */
export function isWholeOrder({ object }: RawOrder): boolean {
  return partOf(object, 'customer') !== undefined || addressIn(object) !== undefined;
}

// ---- keeping ----

/**
 * The order to record: the object as it came with our names beside its own. If our names would change it, as with a
 * numeric order id, the object goes under `given`.
 */
export function orderOf({ object, text, numbers }: RawOrder, key: ParcelId): Order {
  const own = {
    ...key,
    customer: textOf(partOf(object, 'customer')),
    address: textOf(addressIn(object)),
  };
  if (text !== undefined && text.length <= limits.stringLength) return { ...own, given: text };
  if (numbers.length > 0) return { ...own, given: object, givenNumbers: numbers };
  const together = { ...object, ...own };
  const isSameId = partOf(object, 'orderID') === key.orderID;
  const keepsAll =
    isSameId && Object.entries(own).every(([name, value]) => (object[name] ?? value) === value);
  const isOrder = keepsAll && !('given' in object) && newOrderSchema.safeParse(together).success;
  return isOrder ? together : { ...own, given: object };
}

/** For readers of our names; plain clients still get the original, control characters included. */
function textOf(given: string | number | undefined): string {
  const text = withoutFaults(String(given ?? notGiven), 'text');
  return isVisible(text) ? text : notGiven;
}

// ---- giving back ----

/** The original object of an order made by `orderOf`. A shop may have a field `given` of its own. */
function keptIn(order: Order): RawOrder {
  const { store, orderID, given, givenNumbers } = order;
  const asItIs = { object: order, numbers: [] };
  if (given === undefined) return asItIs;
  try {
    const kept = readGiven(given, isPaths(givenNumbers) ? givenNumbers : []);
    const named = parcelNamedIn(kept);
    const isNamed = named.orderID === orderID || named.orderID === originalOrderId(orderID);
    const isOurs = named.store === store && isNamed && sameJson(orderOf(kept, { store, orderID }), order);
    return isOurs ? kept : asItIs;
  } catch {
    return asItIs;
  }
}

/** Whether the hub generated this id, because the client had used its own before. */
export function isReused(order: Order): boolean {
  return isReusedOrderId(order.orderID) && keptIn(order).object !== order;
}

/** The id that the client uses. */
export function saidId(order: Order): string {
  return isReused(order) ? originalOrderId(order.orderID) : order.orderID;
}

function isPaths(value: unknown): value is NumberPaths {
  const isText = (part: unknown) => typeof part === 'string';
  return Array.isArray(value) && value.every((path) => Array.isArray(path) && path.every(isText));
}

/**
 * A parcel as plain clients get it: the object of its `pickup`, completed with the names that other clients look for,
 * flat and inside `order`.
 * @param event for clients whose objects name the event
 */
export function givenBack(order: Order, event: EventName): RelayedOrder {
  try {
    return toldOf(order, keptIn(order), event);
  } catch {
    // One unreadable order must not keep the others from all clients.
    return toldOf(order, { object: order, numbers: [] }, event);
  }
}

function toldOf(order: Order, { object, text, numbers }: RawOrder, event: EventName): RelayedOrder {
  const id = partOf(object, 'orderID') ?? order.orderID;
  const { store, customer, address } = order;
  const saysEvent = typeof object['event'] === 'string' && eventNamed(object['event']) !== undefined;
  const flat = { store, orderID: id, orderId: id, messageId: id, customer, address };
  const inside = { store, orderID: id, orderId: id, id, customer, address };
  const own = object['order'];
  const nested = isObject(own) ? { ...inside, ...own } : (own ?? inside);
  const whole = { ...flat, ...object, ...(saysEvent ? { event } : {}), order: nested };
  if (numbers.length === 0) return { object: whole, text };
  return { object: withNumbers(whole, [...numbers, ...idPaths(object, id, numbers)]) as Fields, text };
}

/** Path of the added id, if it is a number held as text. */
function idPaths(object: Fields, id: string | number, numbers: NumberPaths): NumberPaths {
  const valueAt = (path: readonly string[]) =>
    path.reduce<unknown>((place, key) => (isObject(place) ? place[key] : undefined), object);
  if (!numbers.some((path) => valueAt(path) === id)) return [];
  const own = isObject(object['order']) ? object['order'] : {};
  return [
    ...['orderID', 'orderId', 'messageId'].filter((name) => !(name in object)).map((name) => [name]),
    ...['orderID', 'orderId', 'id'].filter((name) => !(name in own)).map((name) => ['order', name]),
  ];
}

/** Parses JSON from elsewhere and restores its numbers. */
export function readExactly(text: string, value: unknown): { value: unknown; numbers: NumberPaths } {
  return needsExactness(text) ? parseExactly(text) : { value, numbers: [] };
}

// ---- rooms and queues ----

/** The room or queue that a plain client names, as text or in an object; undefined if none. */
export function queueNamedIn(asked: unknown): string | undefined {
  if (typeof asked === 'string' || typeof asked === 'number') return shortName(asked);
  if (!isObject(asked)) return undefined;
  for (const place of placesIn(asked)) {
    for (const name of roomNames) {
      const value = place[name];
      if (typeof value === 'string' || typeof value === 'number') return shortName(value);
    }
  }
  return undefined;
}

function shortName(value: string | number): string | undefined {
  const name = String(value).trim();
  return name !== '' && name.length <= limits.idLength ? name : undefined;
}

/** The event that an object names, directly or, as in class 13, as its payload; undefined for unknown ones. */
export function eventIn(asked: unknown): EventName | undefined {
  if (!isObject(asked)) return undefined;
  const named = [asked['event'], asked['payload']].find((name) => typeof name === 'string');
  return typeof named === 'string' ? eventNamed(named) : undefined;
}
