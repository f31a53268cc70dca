/**
 * The spellings of programs that people write for the lab, in one table: a new fact is a line here and a row in
 * dialect-facts.test.ts. plain-orders.ts reads orders, and plain-clients.ts records them.
 */

import { type EventName, eventNames } from '../../protocol/events.ts';

// ---- the facts ----

/** The events of the lab's day, each with every spelling that clients send or listen for on Socket.IO. */
const spellings = {
  pickup: [
    ...['pickup', 'PICKUP', 'pickUp', 'pick-up', 'PICK_UP', 'order-ready', 'PACKAGE_READY', 'pickupReady'],
    ...['newOrder'],
  ],
  'in-transit': ['in-transit', 'IN_TRANSIT', 'inTransit', 'intransit', 'IN-TRANSIT', 'transit', 'TRANSIT'],
  delivered: ['delivered', 'DELIVERED', 'deliver', 'DELIVERY', 'Delivered'],
} as const satisfies Partial<Record<EventName, readonly string[]>>;

/** Spellings that some clients listen for and nobody sends. */
const heardOnly: Readonly<Record<LabEvent, readonly string[]>> = {
  pickup: ['pickup-heard'],
  'in-transit': ['in-transit-heard'],
  delivered: ['delivered-heard', 'delivery-heard'],
};

/**
 * What else they ask for. A row is read in any case and with any hyphens.
 *
 *     join        the news of a store
 *     subscribe   the same, and everything as `{ messageID, payload }` from then on
 *     queue       what waits in a queue: the drivers' or a store's
 *     offers      what waits for drivers
 *     deliveries  what was delivered for a store
 *     received    it has heard of this
 */
const requests = {
  join: ['join', 'join-room'],
  subscribe: ['subscribe'],
  queue: ['get-all', 'getall', 'get-missed'],
  offers: ['need-pickup', 'catchup-pickup', 'catch-up-pickups', 'driver-getall'],
  deliveries: ['notify-delivered', 'catchup-delivery'],
  received: ['received', 'recieved'],
} as const;

/** Where each part of an order may stand, the likeliest name first. */
export const aliases = {
  store: [
    ...[
      'store',
      'storeName',
      'storename',
      'store_name',
      'storeId',
      'vendor',
      'vendorName',
      'vendorId',
      'retailer',
    ],
    ...['clientId', 'clientID', 'queueId'],
  ],
  orderID: [
    ...['orderID', 'orderId', 'orderid', 'OrderID', 'order_id', 'orderNumber', 'packageId', 'randomOrderId'],
    ...['id', 'messageId', 'messageID'],
  ],
  customer: ['customer', 'customerName', 'coustomer', 'firstName', 'name'],
  address: ['address'],
} as const;
/** Names that mean the part only inside an order; outside they may mean anything. */
export const innerFirst: ReadonlySet<string> = new Set(['id', 'name']);
/** Parts of a structured address, in writing order. */
export const addressParts = [
  'street',
  'streetAddress',
  'city',
  'state',
  'zip',
  'zipCode',
  'country',
] as const;
/** An order may stand alone, or inside one or two of these. */
export const wrappers = ['order', 'payload', 'content'] as const;

/** Fields with a TCP message's content; without one, it stands beside the event. */
export const carriers = ['payload', 'content', 'order'] as const;

/** Where a room or a queue is named. */
export const roomNames = [
  ...[
    'store',
    'storeName',
    'clientId',
    'clientID',
    'queueId',
    'vendorId',
    'vendor',
    'roomName',
    'room',
    'id',
  ],
] as const;

/** Events that answer a request: some clients wait for one of them. */
export const answersTo = {
  join: ['join', 'join-room', 'joined', 'confirmation', 'added'],
  order: ['added'],
} as const;

/** Words that are never relayed as chat: our own messages, and events of the libraries. */
const notForTalk: ReadonlySet<string> = new Set([
  ...['hello', 'welcome', 'events', 'parcels', 'presence', 'notice'],
  ...['commands', 'offers', 'duty', 'answer', 'error'],
  ...[
    'connect',
    'connected',
    'connect_error',
    'disconnect',
    'disconnecting',
    'newListener',
    'removeListener',
  ],
]);

// ---- looking them up ----

export type LabEvent = keyof typeof spellings;
export type Request = keyof typeof requests;

const named = new Map<string, EventName>([
  ...eventNames.map((name) => [name, name] as const),
  ...spellingsOfAll().flatMap(([event, all]) => all.map((spelling) => [plainName(spelling), event] as const)),
]);

const asked = new Map<string, Request>(
  Object.entries(requests).flatMap(([request, words]) =>
    words.map((word) => [plainName(word).replaceAll('-', ''), request as Request] as const),
  ),
);

function spellingsOfAll(): [EventName, readonly string[]][] {
  return Object.entries(spellings) as [EventName, readonly string[]][];
}

/** `PICKUP`, `IN_TRANSIT`, `inTransit` … → our name; undefined for other events. */
export function eventNamed(spelling: string): EventName | undefined {
  return named.get(plainName(spelling));
}

/** `getAll`, `JOIN-ROOM` … → the request; undefined for other words. */
export function requestNamed(spelling: string): Request | undefined {
  return asked.get(plainName(spelling).replaceAll('-', ''));
}

/** All spellings, for a client whose own are unknown. */
export function spellingsOf(event: EventName): readonly string[] {
  const shouted = shout(event);
  if (!isLabEvent(event)) return [event, shouted];
  return [...spellings[event], ...heardOnly[event]];
}

/** Spellings for a client that has used these. */
export function spellingsLike(event: EventName, used: ReadonlySet<string>): readonly string[] {
  return [...new Set([event, ...used, ...(isLabEvent(event) ? heardOnly[event] : [])])];
}

export function shout(event: EventName): string {
  return event.toUpperCase().replaceAll('-', '_');
}

function isLabEvent(event: EventName): event is LabEvent {
  return event in spellings;
}

/** `needPickup`, `NEED_PICKUP`, `need-pickup` → `need-pickup` */
export function plainName(spelling: string): string {
  return spelling
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}

/** Whether a word may be relayed to the other plain clients. */
export function mayBeTalk(word: string): boolean {
  return word !== '' && word.length <= 128 && !notForTalk.has(word);
}

/** Whether this names the drivers' queue. */
export function isDriversQueue(queue: string): boolean {
  return /^drivers?$/i.test(queue);
}

/** The driver id shared by all plain clients of one address. */
export function plainDriver(address: string): string {
  return `plain:${address}`;
}
