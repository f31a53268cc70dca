/**
 * A quick check for commands of the usual kind: a parcel's pickup, collection or delivery in plain ASCII, with the known
 * keys alone. It accepts no more than the schema does, and gives the very same result; whatever it does not accept goes
 * to the schema, which says what is wrong. usual-command.test.ts compares the two.
 */

/** No space, so that none can stand at an end, no `~`, which order ids of the hub have, and no way through folders. */
const plainId = /^(?!\.\.?$)[!-}]{1,128}$/;
/** A text that begins with ink; what follows may be anything that a typewriter has. */
const plainText = /^[!-~][ -~]{0,255}$/;
/** What `Date.toISOString` gives, but for 29 February, which needs a calendar. */
const moment =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

type Json = Readonly<Record<string, unknown>>;
type ParcelId = { readonly store: string; readonly orderID: string };
type Order = ParcelId & { readonly customer: string; readonly address: string };
type Envelope = { readonly id?: string; readonly occurredAt?: string };

/** Each is a `Command`. */
export type UsualCommand =
  | ({ readonly event: 'pickup'; readonly payload: Order } & Envelope)
  | ({ readonly event: 'in-transit' | 'delivered'; readonly payload: ParcelId } & Envelope);

/** Undefined if the schema has to look. */
export function usualCommand(input: unknown): UsualCommand | undefined {
  if (!isJson(input)) return undefined;
  const { event, payload, id, occurredAt } = input;
  let keys = 2;
  if (id !== undefined) keys += 1;
  if (occurredAt !== undefined) keys += 1;
  if (countOf(input) !== keys || !isJson(payload)) return undefined;
  const envelope = envelopeOf(id, occurredAt);
  if (!envelope) return undefined;
  if (event === 'in-transit' || event === 'delivered') {
    const parcel = countOf(payload) === 2 ? parcelOf(payload) : undefined;
    return parcel && { event, payload: parcel, ...envelope };
  }
  const order = event === 'pickup' ? orderOf(payload) : undefined;
  return order && { event: 'pickup', payload: order, ...envelope };
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function countOf(json: Json): number {
  let count = 0;
  for (const key in json) if (Object.hasOwn(json, key)) count += 1;
  return count;
}

function envelopeOf(id: unknown, occurredAt: unknown): Envelope | undefined {
  if (id !== undefined && !matches(plainId, id)) return undefined;
  if (occurredAt !== undefined && !matches(moment, occurredAt)) return undefined;
  if (id === undefined) return occurredAt === undefined ? {} : { occurredAt };
  return occurredAt === undefined ? { id } : { id, occurredAt };
}

function parcelOf({ store, orderID }: Json): ParcelId | undefined {
  return matches(plainId, store) && matches(plainId, orderID) ? { store, orderID } : undefined;
}

/** In the order of the schema's keys, because records keep it. */
function orderOf(payload: Json): Order | undefined {
  const parcel = parcelOf(payload);
  const { customer, address } = payload;
  if (!parcel || countOf(payload) !== 4) return undefined;
  if (!matches(plainText, customer) || !matches(plainText, address)) return undefined;
  return { ...parcel, customer, address };
}

function matches(form: RegExp, value: unknown): value is string {
  return typeof value === 'string' && form.test(value);
}
