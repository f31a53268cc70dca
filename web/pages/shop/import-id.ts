import { idLength, letters } from './order-id.ts';

/**
 * An id as short, made from what an order says: the same again for the same order.
 * @param attempt from 0: the next where another order has this one
 */
export function orderIdOf(text: string, attempt: number): string {
  const half = idLength / 2;
  return Array.from({ length: idLength }, (_, i) => {
    const sum = sumOf(`${attempt} ${text}`, i < half ? 0x01000193 : 0x5bd1e995);
    return letters[Math.floor(sum / letters.length ** (i % half)) % letters.length];
  }).join('');
}

/** 32 bits. `crypto.subtle` is not on plain http. */
function sumOf(text: string, factor: number): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) sum = Math.imul(sum ^ text.charCodeAt(i), factor);
  // Every letter of the text in every bit (the last steps of MurmurHash3).
  sum = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  sum = Math.imul(sum ^ (sum >>> 13), 0xc2b2ae35);
  return (sum ^ (sum >>> 16)) >>> 0;
}
