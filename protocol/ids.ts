/** Random bytes are fetched for this many ids at once: a call of `getRandomValues` costs more than the rest of an id. */
const idsAtOnce = 256;
const idSize = 16;
const random = new Uint8Array(idsAtOnce * idSize);
let randomUsed = random.length;
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A UUID version 7 (RFC 9562): its first 48 bits are the time, so new ids are neighbours in an index. Uses
 * `getRandomValues`, because browsers lack `randomUUID` on plain http.
 */
export function uuidv7(now: number = Date.now()): string {
  if (randomUsed === random.length) {
    crypto.getRandomValues(random);
    randomUsed = 0;
  }
  const at = randomUsed;
  randomUsed += idSize;
  const byte = (i: number): number => random[at + i] ?? 0;
  const two = (i: number): string => `${hex[byte(i)]}${hex[byte(i + 1)]}`;
  const time = Math.floor(now).toString(16).padStart(12, '0').slice(-12);
  const version = `${hex[0x70 | (byte(6) & 0x0f)]}${hex[byte(7)]}`;
  const variant = `${hex[0x80 | (byte(8) & 0x3f)]}${hex[byte(9)]}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${two(10)}${two(12)}${two(14)}`;
}

/**
 * Compares two epochs without their suffix. The part behind a `-` names the cursor's reader; cursors of the first hubs
 * lack it.
 */
export function isSameLog(one: string, other: string): boolean {
  return one.replace(/-.*/s, '') === other.replace(/-.*/s, '');
}

/** A cursor names a log, its reader and a place in the reader's scope. */
export function cursorOf(epoch: string, seq: number): string {
  return `${epoch}.${seq}`;
}

/** @returns undefined if the text is not a cursor */
export function readCursor(cursor: string): { epoch: string; seq: number } | undefined {
  const match = /^([^.]+)\.(\d{1,15})$/.exec(cursor);
  return match?.[1] === undefined ? undefined : { epoch: match[1], seq: Number(match[2]) };
}

// ---- parcels ----

/** One text for both of a parcel's ids. No id has a line break, so two parcels never share one. */
export function parcelName({ store, orderID }: { store: string; orderID: string }): string {
  return `${store}\n${orderID}`;
}

// ---- reused order ids ----

/** The id that the hub gives to a client's nth order with the same id, from the second on. No client may choose such an id. */
export function reusedOrderId(orderID: string, n: number): string {
  return n === 1 ? orderID : `${orderID}~${n}`;
}

/** @returns whether the id has the form that `reusedOrderId` makes */
export function isReusedOrderId(id: string): boolean {
  return /~(?:[2-9]|[1-9]\d+)$/.test(id);
}

/** The id that the client sent. */
export function originalOrderId(id: string): string {
  return isReusedOrderId(id) ? id.replace(/~\d+$/, '') : id;
}
