/** Letters that cannot be confused: no i, l, 1, o and 0. */
export const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
export const idLength = 6;

/** Makes an id that is short enough to be read out on the phone. */
export function newOrderId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(idLength));
  return Array.from(bytes, (byte) => letters[byte % letters.length]).join('');
}
