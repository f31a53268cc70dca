/**
 * Forgiving readers of POST bodies: programs leave fields empty, send numbers for texts, and spell keys their own
 * way.
 */

import { coordinateFields } from '../../../protocol/coordinates.ts';
import { CapsError } from '../../../protocol/errors.ts';
import { detailsSchemas } from '../../../protocol/messages.ts';
import { newOrderSchema } from '../../../protocol/orders.ts';

type Fields = Readonly<Record<string, unknown>>;

const orderKeys: readonly string[] = Object.keys(newOrderSchema.shape);

/**
 * Reads a new order. Returns what is no object as it is, for the schema to refuse.
 * @throws CapsError bad-message for a key spelled nearly like ours, and for a number that JavaScript cannot hold
 */
export function orderIn(body: unknown): unknown {
  if (!isObject(body)) return body;
  const order = partsOf(body, orderKeys);
  for (const [near, key] of nearly(order, orderKeys)) throw misspelt(near, key);
  return order;
}

/** The lab's shortcut takes any spelling and keeps what it got. @throws CapsError bad-message */
export function labOrderIn(body: unknown): unknown {
  if (!isObject(body)) return body;
  const found = nearly(partsOf(body, orderKeys), orderKeys).map(([near, key]) => [key, body[near]] as const);
  return partsOf({ ...Object.fromEntries(found), ...stated(body, orderKeys) }, orderKeys);
}

/** Reads an event's details. @throws CapsError bad-message, as for an order */
export function detailsIn(event: unknown, body: unknown): unknown {
  if (!isObject(body) || typeof event !== 'string' || !isEvent(event)) return body;
  const keys = Object.keys(detailsSchemas[event].shape);
  const details = event === 'amended' ? amendmentIn(body, keys) : partsOf(body, keys);
  for (const [near, key] of nearly(details, keys)) throw misspelt(near, key);
  return details;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEvent(name: string): name is keyof typeof detailsSchemas {
  return Object.hasOwn(detailsSchemas, name);
}

/** Drops our empty fields and turns numbers into texts, for coordinates texts into numbers; leaves unknown fields as they are. */
function partsOf(given: Fields, keys: readonly string[]): Fields {
  const parts = Object.entries(stated(given, keys)).map(([key, value]): [string, unknown] => {
    if (coordinateFields.some((field) => field === key)) return [key, numberIn(value)];
    const isNumber = typeof value === 'number' && keys.includes(key) && key !== 'rev';
    return [key, isNumber ? textOf(key, value) : value];
  });
  // Not by assignment: a key `__proto__` must reach the schema, which refuses it.
  return Object.fromEntries(parts);
}

/** An amendment removes what is empty. The schema refuses to remove what an order needs. */
function amendmentIn(body: Fields, keys: readonly string[]): Fields {
  const removed = keys.filter((key) => key !== 'rev' && Object.hasOwn(body, key) && isNothing(body[key]));
  return { ...partsOf(body, keys), ...Object.fromEntries(removed.map((key) => [key, null])) };
}

function stated(given: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(
    Object.entries(given).filter(([key, value]) => !(keys.includes(key) && isNothing(value))),
  );
}

function isNothing(value: unknown): boolean {
  return value === null || value === '';
}

/** @returns what is no number as it is, for the schema to refuse */
function numberIn(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

function textOf(key: string, number: number): string {
  if (Number.isSafeInteger(number) && !Object.is(number, -0)) return String(number);
  throw new CapsError(
    'bad-message',
    `${key}: This number cannot be kept as it was written; send it as a text.`,
    {
      details: { field: key },
    },
  );
}

/** Keys that differ from a missing one of ours only in capitals, `_`, `-` and blanks. */
function nearly(given: Fields, keys: readonly string[]): [near: string, key: string][] {
  const missing = new Map(keys.filter((key) => !(key in given)).map((key) => [plain(key), key]));
  return Object.entries(given).flatMap(([near, value]): [string, string][] => {
    const key = isNothing(value) ? undefined : missing.get(plain(near));
    return key === undefined ? [] : [[near, key]];
  });
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[_\-\s]/g, '');
}

function misspelt(near: string, key: string): CapsError {
  return new CapsError('bad-message', `${near}: Is not known here; it is called ${key}.`, {
    details: { field: near },
  });
}
