/** Compression by `Accept-Encoding`, off the hub's thread. */

import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request } from 'express';

export type Encoding = 'br' | 'gzip';

/** The best first. */
export const encodings = ['br', 'gzip'] as const satisfies readonly Encoding[];
/** In bytes: smaller answers fit into one packet anyway. */
export const compressedMin = 1_024;

/** The best encoding that the client accepts; undefined for none. */
export function encodingIn(
  request: Request,
  isThere: (encoding: Encoding) => boolean = () => true,
): Encoding | undefined {
  return encodings.find((one) => request.acceptsEncodings(one) === one && isThere(one));
}

/** @param effort `cheap` for one reader, `once` if cached for all */
export function compressed(bytes: Buffer, encoding: Encoding, effort: 'cheap' | 'once'): Promise<Buffer> {
  const isCheap = effort === 'cheap';
  if (encoding === 'gzip') return promisify(gzip)(bytes, { level: isCheap ? 3 : 9 });
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: isCheap ? 4 : 7,
    // A window of 256 KiB: a larger one would hold more than it saves.
    [constants.BROTLI_PARAM_LGWIN]: isCheap ? 18 : 22,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return promisify(brotliCompress)(bytes, { params });
}
