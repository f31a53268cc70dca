const letters = 'abcdefghijkmnopqrstuvwxyz0123456789';

/** Short enough to be read out over the phone. */
export function newOrderId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return Array.from(bytes, (byte) => letters[byte % letters.length]).join('');
}
