/**
 * Sends HTTP answers. A budget bounds what unread answers hold in memory: an answer takes its share before it is
 * made, and returns it when it was taken or its client is gone. Compression runs off the hub's thread.
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
  /** A page takes no further item past this size. */
  page: 512 * 1024,
  /** A long answer is made in slices of this size. */
  slice: 128 * 1024,
  /** Memory of a long answer: the slice that waits for the network, its source, and gzip's window. */
  sliced: 384 * 1024,
  /** Memory of a metrics answer. */
  numbers: 64 * 1024,
  /** A news stream is cut past this many unread bytes. */
  news: 256 * 1024,
} as const;

/** Whole answers compressed at a time: files and keys need the threads, too. */
const compressingMax = 2;

/** Small window and memory per long answer; every slice is flushed. */
const slicedGzip = { level: 2, memLevel: 7, windowBits: 14, flush: constants.Z_SYNC_FLUSH } as const;

export interface Exchange {
  readonly request: Request;
  readonly response: Response;
}

export interface AnswersOptions {
  readonly clock: Clock;
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

  /** Bytes held by all answers under way. */
  get held(): number {
    return this.#budget.held;
  }

  /**
   * Reserves room for an answer until it was taken or its client is gone. Undefined if that has already happened.
   * @param length `long` if its client decides how long it lasts
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
   * Sends a value as JSON.
   * @param make runs once there is room for this many bytes
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

  /** Sends a text of this type, likewise. */
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
   * Sends a long answer, made as fast as it is taken, within room reserved before. Resolves when all was taken or the
   * client is gone.
   * @param mayCompress false if it contains both a secret and others' words
   * @throws what `slices` throws
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

/** Aborts when the answer was taken, or no longer can be. */
function endOf(response: Response): AbortSignal {
  const end = new AbortController();
  if (response.closed) end.abort();
  else response.once('close', () => end.abort());
  return end.signal;
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
