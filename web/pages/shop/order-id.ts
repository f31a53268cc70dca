/** Without those that are taken for each other: i, l and 1, o and 0. */
export const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
export const idLength = 6;

/** Short enough to be read out over the phone. */
export function newOrderId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(idLength));
  return Array.from(bytes, (byte) => letters[byte % letters.length]).join('');
}
