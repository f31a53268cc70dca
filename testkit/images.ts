/** Small images for tests: their headers are real, and as many bytes follow as their pixels need. */

import { hash } from 'node:crypto';

export function hashOfImage(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** @param comment tells images of one size apart */
export function jpeg(comment = '', width = 640, height = 480): Buffer<ArrayBuffer> {
  const text = Buffer.from(comment);
  const words = (...numbers: readonly number[]) => {
    const bytes = Buffer.alloc(numbers.length * 2);
    for (const [at, number] of numbers.entries()) bytes.writeUInt16BE(number, at * 2);
    return bytes;
  };
  return Buffer.concat([
    ...[words(0xffd8, 0xffe0, 16), Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1')],
    ...[words(0xfffe, text.length + 2), text],
    ...[words(0xffc4, 4, 0, 0xffc2, 17), Buffer.from([8]), words(height, width), Buffer.alloc(12)],
    ...[filler((width * height) / 512), words(0xffd9)],
  ]);
}

/** No more than any image may have: a larger one is refused before its bytes are counted. */
function filler(bytes: number): Buffer {
  return Buffer.alloc(Math.min(Math.ceil(bytes), 100_000));
}

export function png(comment = '', width = 640, height = 480): Buffer<ArrayBuffer> {
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  const start = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
  return Buffer.concat([
    start,
    size,
    Buffer.from([8, 6, 0, 0, 0]),
    Buffer.alloc(28),
    filler((width * height * 4) / 1_032),
    Buffer.from(comment),
  ]);
}

/** @param form `VP8 ` is lossy, `VP8L` lossless, `VP8X` has more in it */
export function webp(
  form: 'VP8 ' | 'VP8L' | 'VP8X' = 'VP8 ',
  width = 640,
  height = 480,
): Buffer<ArrayBuffer> {
  const body = Buffer.alloc(12);
  if (form === 'VP8 ') {
    body.set([0, 0, 0, 0x9d, 0x01, 0x2a]);
    body.writeUInt16LE(width, 6);
    body.writeUInt16LE(height, 8);
  } else if (form === 'VP8L') {
    body[0] = 0x2f;
    body.writeUInt32LE((width - 1) | ((height - 1) << 14), 1);
  } else {
    body.writeUIntLE(width - 1, 4, 3);
    body.writeUIntLE(height - 1, 7, 3);
  }
  const sizes = Buffer.alloc(4);
  sizes.writeUInt32LE(body.length + 12);
  const own = Buffer.alloc(4);
  own.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from('RIFF'), sizes, Buffer.from(`WEBP${form}`), own, body]);
}
