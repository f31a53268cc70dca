/** What an image is by its first bytes, whatever its sender calls it. Decodes nothing. */

export const imageTypes = ['image/jpeg', 'image/png', 'image/webp'] as const;
export type ImageType = (typeof imageTypes)[number];

export interface Image {
  readonly type: ImageType;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** Undefined if it is no JPEG, PNG or WebP, or does not say how large it is. */
export function readImage(bytes: Uint8Array): Image | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = sizeOfPng(data) ?? sizeOfWebp(data) ?? sizeOfJpeg(data);
  return found && found.width > 0 && found.height > 0 ? found : undefined;
}

const pngStart = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');

function sizeOfPng(data: Buffer): Image | undefined {
  if (data.length < 33 || !data.subarray(0, pngStart.length).equals(pngStart)) return undefined;
  return { type: 'image/png', width: data.readUInt32BE(16), height: data.readUInt32BE(20) };
}

function sizeOfWebp(data: Buffer): Image | undefined {
  const word = (at: number) => data.toString('latin1', at, at + 4);
  if (data.length < 30 || word(0) !== 'RIFF' || word(8) !== 'WEBP') return undefined;
  const type = 'image/webp';
  switch (word(12)) {
    case 'VP8 ':
      // Three bytes of frame tag, then the start code.
      if (data.readUIntBE(23, 3) !== 0x9d012a) return undefined;
      return { type, width: data.readUInt16LE(26) & 0x3fff, height: data.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      if (data[20] !== 0x2f) return undefined;
      const bits = data.readUInt32LE(21);
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { type, width: data.readUIntLE(24, 3) + 1, height: data.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}

/** Segments without a length: a filler, restarts, a nested start. */
const bare: ReadonlySet<number> = new Set([0x01, ...Array.from({ length: 9 }, (_, at) => 0xd0 + at)]);
/** Tables among the markers of frames. */
const notFrames: ReadonlySet<number> = new Set([0xc4, 0xc8, 0xcc]);

/** Walks the segments up to the frame's header, which has the size. */
function sizeOfJpeg(data: Buffer): Image | undefined {
  if (data.length < 4 || data.readUIntBE(0, 3) !== 0xffd8ff) return undefined;
  for (let at = 2; at + 9 <= data.length; ) {
    if (data[at] !== 0xff) return undefined;
    const marker = data[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
    } else if (bare.has(marker)) {
      at += 2;
    } else if (marker >= 0xc0 && marker <= 0xcf && !notFrames.has(marker)) {
      return { type: 'image/jpeg', width: data.readUInt16BE(at + 7), height: data.readUInt16BE(at + 5) };
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
