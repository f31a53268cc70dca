/**
 * A UUID version 7 (RFC 9562): its first 48 bits are the time, so new ids are neighbours in an index. Uses
 * `getRandomValues`, because browsers lack `randomUUID` on plain http.
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
