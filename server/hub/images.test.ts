import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jpeg, png, webp } from '../../testkit/images.ts';
import { isMereHeader, readImage } from './images.ts';

const size = { width: 1_280, height: 960 };
const { width, height } = size;

it.each([
  ['a JPEG', jpeg('', width, height), 'image/jpeg'],
  ['a PNG', png('', width, height), 'image/png'],
  ['a lossy WebP', webp('VP8 ', width, height), 'image/webp'],
  ['a lossless WebP', webp('VP8L', width, height), 'image/webp'],
  ['a WebP with more in it', webp('VP8X', width, height), 'image/webp'],
])('%s says how large it is', (_, bytes, type) => {
  expect(readImage(bytes)).toEqual({ type, ...size });
});

it('the size of a JPEG is that of its frame, not of the preview in front of it', () => {
  // As cameras write it: a segment that contains another JPEG.
  const preview = jpeg('', 16, 16);
  const head = Buffer.alloc(6);
  head.writeUIntBE(0xffd8ffe1, 0, 4);
  head.writeUInt16BE(preview.length + 2, 4);
  const photo = Buffer.concat([head, preview, jpeg('', 9_000, 9_000).subarray(2)]);
  expect(readImage(photo)).toEqual({ type: 'image/jpeg', width: 9_000, height: 9_000 });
});

it.each([
  ['nothing', ''],
  ['a drawing that can run', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ['a page', '<!doctype html><script>alert(1)</script>'],
  ['an archive', 'PK\x03\x04\x14\0\0\0\x08\0'.padEnd(200, '\0')],
  ['a GIF', 'GIF89a\x01\0\x01\0'.padEnd(200, '\0')],
  ['a sound', 'RIFF\x24\0\0\0WAVEfmt '.padEnd(200, '\0')],
  ['the mere start of a JPEG', '\xff\xd8\xff\xe0'],
  ['a JPEG without a frame', '\xff\xd8\xff\xfe\0\x04ab\xff\xda\0\x08\x01\x01\0\0?\0'],
  ['a JPEG whose segments have no length', '\xff\xd8\xff\xe0\0\0'.padEnd(200, '\0')],
])('%s is no image', (_, text) => {
  expect(readImage(Buffer.from(text, 'latin1'))).toBeUndefined();
});

it.each([
  ['a JPEG', jpeg('', width, height)],
  ['a PNG', png('', width, height)],
  ['a lossy WebP', webp('VP8 ', width, height)],
  ['a lossless WebP', webp('VP8L', width, height)],
])('%s that broke off is not whole', (_, bytes) => {
  expect(isMereHeader(bytes)).toBe(false);
  expect(isMereHeader(bytes.subarray(0, bytes.length - (bytes.length > 500 ? 400 : 1)))).toBe(true);
});

it('the smallest images that a browser makes are whole', () => {
  // One pixel; and a page of one colour, as a signature field draws it.
  const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';
  expect(isMereHeader(Buffer.from(dot, 'base64'))).toBe(false);
  const rows = deflateSync(Buffer.alloc(1_200 * (1 + 4 * 1_600)), { level: 9 });
  const chunk = (name: string, data: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(name), data, Buffer.alloc(4)]);
  };
  const head = png('', 1_600, 1_200).subarray(0, 33);
  const blank = Buffer.concat([head, chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
  expect(readImage(blank)).toEqual({ type: 'image/png', width: 1_600, height: 1_200 });
  expect(isMereHeader(blank)).toBe(false);
});

it('an image without an area is none', () => {
  for (const bytes of [jpeg('', 0, 9), png('', 9, 0), webp('VP8 ', 0, 0)])
    expect(readImage(bytes)).toBeUndefined();
});

it('whatever the bytes are, it reads none past them', () => {
  const images = [jpeg('a comment'), png(), webp(), webp('VP8L'), webp('VP8X')];
  const broken = fc
    .tuple(fc.constantFrom(...images), fc.nat(80), fc.array(fc.tuple(fc.nat(79), fc.nat(255))))
    .map(([image, length, changes]) => {
      const bytes = Buffer.from(image.subarray(0, length));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      const image = readImage(bytes);
      expect(image === undefined || image.width * image.height > 0).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
