/**
 * Which records of a chunk have something: a list of places where they are few, a bit for each record where they are
 * many. The list's length tells them apart.
 */

/** Places in one chunk are below this. */
export const chunkSize = 8_192;
const bitmapBytes = chunkSize / 8;
/** As many places take as much room as the bitmap. */
const listMax = bitmapBytes / 2;

/** A bit for each record of a chunk. */
export type Bits = Uint32Array<ArrayBuffer>;

/** @param places ascending */
export function packed(places: readonly number[]): Uint8Array {
  if (places.length < listMax) return bytesOf(Uint16Array.from(places));
  const bits = emptyBits();
  for (const place of places) setBit(bits, place);
  return bytesOf(bits);
}

export function unpacked(bytes: Uint8Array): Bits {
  // Aligned, whatever the bytes were a part of.
  const { buffer } = new Uint8Array(bytes);
  return bytes.length === bitmapBytes ? new Uint32Array(buffer) : bitsOf(new Uint16Array(buffer));
}

export function bitsOf(places: Iterable<number>): Bits {
  const bits = emptyBits();
  for (const place of places) setBit(bits, place);
  return bits;
}

/** The places from `from` to `to`, both included. */
export function rangeBits(from: number, to: number): Bits {
  const bits = emptyBits();
  for (let place = from; place <= to; place += 1) setBit(bits, place);
  return bits;
}

export function keep(bits: Bits, others: Bits): void {
  for (let i = 0; i < bits.length; i += 1) bits[i] = (bits[i] ?? 0) & (others[i] ?? 0);
}

export function drop(bits: Bits, others: Bits): void {
  for (let i = 0; i < bits.length; i += 1) bits[i] = (bits[i] ?? 0) & ~(others[i] ?? 0);
}

export function isEmpty(bits: Bits): boolean {
  return bits.every((word) => word === 0);
}

export function countOf(bits: Bits): number {
  let count = 0;
  for (let word of bits) {
    for (; word !== 0; word &= word - 1) count += 1;
  }
  return count;
}

export function placesIn(bits: Bits): number[] {
  const places: number[] = [];
  for (const [i, all] of bits.entries()) {
    for (let word = all; word !== 0; word &= word - 1) places.push(i * 32 + 31 - Math.clz32(word & -word));
  }
  return places;
}

function emptyBits(): Bits {
  return new Uint32Array(chunkSize / 32);
}

function setBit(bits: Bits, place: number): void {
  bits[place >>> 5] = (bits[place >>> 5] ?? 0) | (1 << (place & 31));
}

function bytesOf({ buffer }: Uint16Array<ArrayBuffer> | Bits): Uint8Array {
  return new Uint8Array(buffer);
}
