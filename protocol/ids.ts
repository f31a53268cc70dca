/**
 * A UUID version 7 (RFC 9562): its first 48 bits are the time, so that ids made one after the other stand
 * together in an index. Uses `getRandomValues`, because `randomUUID` is missing on plain http.
 */
export function uuidv7(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now % 2 ** 32);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * Whether two epochs are of the same log. What stands behind a `-` says whose cursors an epoch is for, and was not there
 * in the first hubs' cursors.
 */
export function isSameLog(one: string, other: string): boolean {
  return one.replace(/-.*/s, '') === other.replace(/-.*/s, '');
}

/** A cursor names a log, its reader and a place in what that may see. */
export function cursorOf(epoch: string, seq: number): string {
  return `${epoch}.${seq}`;
}

/** Undefined where the text is no cursor. */
export function readCursor(cursor: string): { epoch: string; seq: number } | undefined {
  const match = /^([^.]+)\.(\d{1,15})$/.exec(cursor);
  return match?.[1] === undefined ? undefined : { epoch: match[1], seq: Number(match[2]) };
}

// ---- parcels ----

/** One text for both of a parcel's ids. No id has a line break, so two parcels never share one. */
export function parcelName({ store, orderID }: { store: string; orderID: string }): string {
  return `${store}\n${orderID}`;
}

// ---- orders whose id is used again ----

/** How the hub calls the nth order, from the second on, of a client that uses its ids again. Nobody else may call one so. */
export function reusedOrderId(said: string, n: number): string {
  return n === 1 ? said : `${said}~${n}`;
}

/** Whether an order id has the form of those that the hub makes up. */
export function isReusedOrderId(id: string): boolean {
  return /~(?:[2-9]|[1-9]\d+)$/.test(id);
}

/** The id that one of these was made from. */
export function originalOrderId(id: string): string {
  return isReusedOrderId(id) ? id.replace(/~\d+$/, '') : id;
}
