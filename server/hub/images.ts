/** What an image is by its first bytes, whatever its sender calls it, and whether the rest can be there. Decodes nothing. */

export const imageTypes = ['image/jpeg', 'image/png', 'image/webp'] as const;
export type ImageType = (typeof imageTypes)[number];

export interface Image {
  readonly type: ImageType;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** With the fewest bytes that can hold so many pixels. */
interface FoundImage extends Image {
  readonly bytesMin: number;
}

/** Deflate makes of a byte no more than so many. */
const deflateMax = 1_032;
/** A JPEG has a bit at least for each block of 8 × 8 pixels. */
const pixelsPerByte = 8 * 8 * 8;

/** Undefined if it is no JPEG, PNG or WebP, or does not say how large it is. */
export function readImage(bytes: Uint8Array): Image | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = sizeOf(data);
  return found && { type: found.type, width: found.width, height: found.height };
}

/** Whether the bytes are too few for the pixels: an upload that broke off, or a mere header. */
export function isMereHeader(bytes: Uint8Array): boolean {
  const found = sizeOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return found !== undefined && bytes.length < found.bytesMin;
}

function sizeOf(data: Buffer): FoundImage | undefined {
  const found = sizeOfPng(data) ?? sizeOfWebp(data) ?? sizeOfJpeg(data);
  return found && found.width > 0 && found.height > 0 ? found : undefined;
}

const pngStart = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');

/** By the header's colour type. */
const pngChannels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

function sizeOfPng(data: Buffer): FoundImage | undefined {
  if (data.length < 33 || !data.subarray(0, pngStart.length).equals(pngStart)) return undefined;
  const [width, height] = [data.readUInt32BE(16), data.readUInt32BE(20)];
  const bits = data.readUInt8(24) * (pngChannels[data.readUInt8(25)] ?? 1);
  // The header, and the shortest chunks of data and of the end.
  const bytesMin = 33 + 12 + 12 + Math.floor((width * height * bits) / 8 / deflateMax);
  return { type: 'image/png', width, height, bytesMin };
}

/** A picture of one colour can be very small: here counts what the file says of its own length. */
function sizeOfWebp(data: Buffer): FoundImage | undefined {
  const word = (at: number) => data.toString('latin1', at, at + 4);
  if (data.length < 30 || word(0) !== 'RIFF' || word(8) !== 'WEBP') return undefined;
  const said = { type: 'image/webp', bytesMin: 8 + data.readUInt32LE(4) } as const;
  switch (word(12)) {
    case 'VP8 ':
      // Three bytes of frame tag, then the start code.
      if (data.readUIntBE(23, 3) !== 0x9d012a) return undefined;
      return { ...said, width: data.readUInt16LE(26) & 0x3fff, height: data.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      if (data[20] !== 0x2f) return undefined;
      const bits = data.readUInt32LE(21);
      return { ...said, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { ...said, width: data.readUIntLE(24, 3) + 1, height: data.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}

/** Segments without a length: a filler, restarts, a nested start. */
const bare: ReadonlySet<number> = new Set([0x01, ...Array.from({ length: 9 }, (_, at) => 0xd0 + at)]);
/** Tables among the markers of frames. */
const notFrames: ReadonlySet<number> = new Set([0xc4, 0xc8, 0xcc]);

/** Walks the segments up to the frame's header, which has the size. */
function sizeOfJpeg(data: Buffer): FoundImage | undefined {
  if (data.length < 4 || data.readUIntBE(0, 3) !== 0xffd8ff) return undefined;
  for (let at = 2; at + 9 <= data.length; ) {
    if (data[at] !== 0xff) return undefined;
    const marker = data[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
    } else if (bare.has(marker)) {
      at += 2;
    } else if (marker >= 0xc0 && marker <= 0xcf && !notFrames.has(marker)) {
      const [height, width] = [data.readUInt16BE(at + 5), data.readUInt16BE(at + 7)];
      const bytesMin = at + Math.floor((width * height) / pixelsPerByte);
      return { type: 'image/jpeg', width, height, bytesMin };
    } else if (marker === 0xd9 || marker === 0xda) {
      // The end, or pixels before any frame.
      return undefined;
    } else {
      const length = data.readUInt16BE(at + 2);
      if (length < 2) return undefined;
      at += 2 + length;
    }
  }
  return undefined;
}
