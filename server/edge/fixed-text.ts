/**
 * A text that is the same for everyone: read once, compressed once per encoding, and served with a strong ETag per
 * encoding.
 */

import { hash } from 'node:crypto';
import type { Request, Response } from 'express';
import { compressed, compressedMin, type Encoding, encodingIn } from './encodings.ts';

export class FixedText {
  readonly #type: string;
  readonly #cacheControl: string;
  readonly #read: () => string | Buffer;
  #held: { readonly body: Buffer; readonly tag: string } | undefined;
  readonly #encoded = new Map<Encoding, Promise<Buffer>>();

  /** @param read called on first use */
  constructor(type: string, read: () => string | Buffer, cacheControl = 'no-cache') {
    this.#type = type;
    this.#read = read;
    this.#cacheControl = cacheControl;
  }

  async send(request: Request, response: Response): Promise<void> {
    const { body, tag } = this.#hold();
    const encoding = body.length < compressedMin ? undefined : encodingIn(request);
    const bytes = encoding ? await this.#in(encoding, body) : body;
    response.set('etag', encoding ? `"${tag}-${encoding}"` : `"${tag}"`);
    response.set('cache-control', this.#cacheControl).vary('accept-encoding');
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    if (encoding) response.set('content-encoding', encoding);
    response.set({ 'content-type': this.#type, 'content-length': String(bytes.length) }).end(bytes);
  }

  #hold(): { readonly body: Buffer; readonly tag: string } {
    if (!this.#held) {
      const body = Buffer.from(this.#read());
      this.#held = { body, tag: hash('sha256', body, 'base64url').slice(0, 22) };
    }
    return this.#held;
  }

  #in(encoding: Encoding, body: Buffer): Promise<Buffer> {
    let bytes = this.#encoded.get(encoding);
    if (!bytes) {
      bytes = compressed(body, encoding, 'once');
      this.#encoded.set(encoding, bytes);
    }
    return bytes;
  }
}
