/** Compression by `Accept-Encoding`, beside the hub's own thread. */

import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request } from 'express';

export type Encoding = 'br' | 'gzip';

/** The better one first. */
export const encodings = ['br', 'gzip'] as const satisfies readonly Encoding[];
/** In bytes. Below it nothing is gained: one packet is one packet. */
export const compressedMin = 1_024;

/** The best encoding that whoever asks understands, of those that there are; undefined: the answer goes out as it is. */
export function encodingIn(
  request: Request,
  isThere: (encoding: Encoding) => boolean = () => true,
): Encoding | undefined {
  return encodings.find((one) => request.acceptsEncodings(one) === one && isThere(one));
}

/** @param effort `cheap`: made for one reader. `once`: made once for all */
export function compressed(bytes: Buffer, encoding: Encoding, effort: 'cheap' | 'once'): Promise<Buffer> {
  const isCheap = effort === 'cheap';
  if (encoding === 'gzip') return promisify(gzip)(bytes, { level: isCheap ? 3 : 9 });
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: isCheap ? 4 : 7,
    // 256 KiB look back: a larger window would hold more than what it saves.
    [constants.BROTLI_PARAM_LGWIN]: isCheap ? 18 : 22,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return promisify(brotliCompress)(bytes, { params });
}
