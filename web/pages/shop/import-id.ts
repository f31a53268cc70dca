import { idLength, letters } from './order-id.ts';

/**
 * Makes a short id from an order's content: the same id for the same order.
 * @param attempt 0 first, then counts up if another order has the id
 */
export function orderIdOf(text: string, attempt: number): string {
  const half = idLength / 2;
  return Array.from({ length: idLength }, (_, i) => {
    const sum = sumOf(`${attempt} ${text}`, i < half ? 0x01000193 : 0x5bd1e995);
    return letters[Math.floor(sum / letters.length ** (i % half)) % letters.length];
  }).join('');
}

/** A hash of 32 bits; plain http has no `crypto.subtle`. */
function sumOf(text: string, factor: number): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) sum = Math.imul(sum ^ text.charCodeAt(i), factor);
  // The finalizer of MurmurHash3, so that every letter affects every bit.
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
  return (sum ^ (sum >>> 16)) >>> 0;
}
