/**
 * How answers of HTTP leave the hub. What one may hold while nobody reads it is taken from a budget before it is made,
 * and given back when it was taken or its reader has gone. What can be is compressed, beside the hub's own thread.
 */

import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import type { Request, Response } from 'express';
import type { Clock } from '../clock.ts';
import { Budget, type BudgetLimits, type Length, type Share } from './budget.ts';
import { compressed, compressedMin, encodingIn } from './encodings.ts';
import { Slots } from './slots.ts';

/** In bytes. */
export const answerBytes = {
  /** A page takes no further item once it has so many. */
  page: 512 * 1024,
  /** What is made at a time of an answer that is as long as it likes. */
  slice: 128 * 1024,
  /** What such an answer holds: the slice that waits for the network, the one that it was made of, and gzip's window. */
  sliced: 384 * 1024,
  /** The hub's numbers. */
  numbers: 64 * 1024,
  /** A stream of news that nobody reads is cut past it. */
  news: 256 * 1024,
} as const;

/** Whole answers that are compressed at a time: the threads are for files and keys as well. */
const compressingMax = 2;

/** Per answer that is as long as it likes: half a window, and what was written goes out. */
const slicedGzip = { level: 2, memLevel: 7, windowBits: 14, flush: constants.Z_SYNC_FLUSH } as const;

export interface Exchange {
  readonly request: Request;
  readonly response: Response;
}

export interface AnswersOptions {
  readonly clock: Clock;
  /** From where a request comes. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly limits?: BudgetLimits;
}

export class Answers {
  readonly #budget: Budget;
  readonly #addressOf: AnswersOptions['addressOf'];
  readonly #compressing = new Slots(compressingMax);

  constructor({ clock, addressOf, limits }: AnswersOptions) {
    this.#budget = new Budget(clock, limits);
    this.#addressOf = addressOf;
  }

  /** What all that are under way may hold, in bytes. */
  get held(): number {
    return this.#budget.held;
  }

  /**
   * Room for an answer, until it was taken or its reader has gone. Undefined where that has happened already.
   * @param length `long` for one that lasts as long as its reader likes
   * @throws CapsError busy
   */
  async room(exchange: Exchange, bytes: number, length: Length = 'page'): Promise<Share | undefined> {
    const over = endOf(exchange.response);
    const share = await this.#budget.take(this.#addressOf(exchange.request), bytes, over, length);
    if (!share) return undefined;
    if (!over.aborted) {
      over.addEventListener('abort', () => share.free());
      return share;
    }
    share.free();
    return undefined;
  }

  /**
   * A value as JSON.
   * @param make runs once there is room for so many bytes
   * @throws CapsError busy, or what `make` throws
   */
  async json(
    exchange: Exchange,
    make: () => Promise<unknown>,
    bytes: number = answerBytes.page,
  ): Promise<void> {
    const type = 'application/json; charset=utf-8';
    await this.text(exchange, type, async () => JSON.stringify(await make()), bytes);
  }

  /** A text of this type, as above. */
  async text(
    exchange: Exchange,
    type: string,
    make: () => Promise<string>,
    bytes: number = answerBytes.page,
  ): Promise<void> {
    const share = await this.room(exchange, bytes);
    if (!share) return;
    const body = Buffer.from(await make());
    const { request, response } = exchange;
    response.set('content-type', type).vary('accept-encoding');
    const encoding = body.length < compressedMin ? undefined : encodingIn(request);
    const sent = encoding ? await this.#compressing.run(() => compressed(body, encoding, 'cheap')) : body;
    if (encoding) response.set('content-encoding', encoding);
    share.resize(sent.length);
    response.set('content-length', String(sent.length)).end(sent);
  }

  /**
   * An answer as long as it likes, made as fast as it is taken. There has to be room for it.
   * @param mayCompress false: it has a secret and words of others in it
   * Resolves when all was taken or whoever asked has gone. @throws what `slices` throws
   */
  async slices(
    { request, response }: Exchange,
    slices: AsyncGenerator<string, void>,
    mayCompress = true,
  ): Promise<void> {
    response.vary('accept-encoding');
    const isCompressed = mayCompress && request.acceptsEncodings('gzip') === 'gzip';
    if (isCompressed) response.set('content-encoding', 'gzip');
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    try {
      if (isCompressed) await pipeline(slices, createGzip(slicedGzip), response);
      else await pipeline(slices, response);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
}

/** Aborted when the answer was taken, or cannot be any more. */
function endOf(response: Response): AbortSignal {
  const end = new AbortController();
  if (response.closed) end.abort();
  else response.once('close', () => end.abort());
  return end.signal;
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
