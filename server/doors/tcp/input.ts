/**
 * Reads messages from one TCP connection and queues them. It reads on only while the queue has room: TCP's own
 * backpressure slows a client that sends faster than the hub records.
 */

import type { Socket } from 'node:net';
import { CapsError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Clock } from '../../clock.ts';
import { JsonScanner, type ScannedPart } from './json-scanner.ts';

/** Queued messages past which the hub stops reading. */
const inboxMax = 1_024;
/** First bytes of HTTP requests and TLS handshakes: a web page must not be able to speak to this door. */
const strangers = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'PRI']
  .map((method) => `${method} `)
  .concat('\u0016\u0003');
const longestStranger = Math.max(...strangers.map(({ length }) => length));

export interface TcpInputOptions {
  readonly socket: Socket;
  readonly clock: Clock;
  /** Texts that are messages even without a newline. */
  readonly words: Pick<ReadonlySet<string>, 'has'>;
  /** Whether too much is waiting to be sent. */
  readonly isBehind: () => boolean;
  /** Called when there may be messages to take. */
  readonly onData: () => void;
  /** Called when the first bytes are HTTP or TLS. */
  readonly onStranger: () => void;
  /** Called when a message is too long or takes too long; nothing after it can be read. */
  readonly onGiveUp: (error: CapsError) => void;
}

export interface MessageBatch {
  readonly messages: readonly ScannedPart[];
  /** When the first of them was received. */
  readonly cameAt: number;
}

export class TcpInput {
  readonly #options: TcpInputOptions;
  readonly #scanner: JsonScanner;
  #inbox: { readonly one: ScannedPart; readonly cameAt: number }[] = [];
  /** The first bytes while they may still be HTTP or TLS; then undefined. */
  #first: Buffer | undefined = Buffer.alloc(0);
  #cancelDeadline: (() => void) | undefined;
  #isClosed = false;

  constructor(options: TcpInputOptions) {
    this.#options = options;
    this.#scanner = new JsonScanner(options.words);
    options.socket.on('data', (chunk) => this.#came(chunk));
    options.socket.on('drain', () => this.#readOnIfKeptUp());
  }

  get isEmpty(): boolean {
    return this.#inbox.length === 0;
  }

  /** Takes the oldest messages. */
  take(countMax: number): MessageBatch {
    const taken = this.#inbox.splice(0, countMax);
    this.#readOnIfKeptUp();
    const cameAt = taken[0]?.cameAt ?? this.#options.clock.now();
    return { messages: taken.map(({ one }) => one), cameAt };
  }

  /** Drops all messages, now and later. Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    this.#inbox = [];
    this.#clearDeadline();
    // Discards data, because the end of the stream comes after it.
    this.#options.socket.resume();
  }

  #came(chunk: Buffer): void {
    if (this.#isClosed) return;
    const bytes = this.#first ? this.#checked(chunk) : chunk;
    if (bytes) this.#scan(bytes);
    if (!this.#isClosed) this.#setDeadline();
  }

  #scan(bytes: Buffer): void {
    const { onData, onGiveUp } = this.#options;
    try {
      const found = this.#scanner.push(bytes);
      if (found.length > 0) this.#clearDeadline();
      // Not `push(...)`: a chunk may hold more messages than a call may have arguments.
      const cameAt = this.#options.clock.now();
      for (const one of found) this.#inbox.push({ one, cameAt });
    } catch (error) {
      if (!(error instanceof CapsError)) throw error;
      onGiveUp(error);
      return;
    }
    onData();
    if (this.#isFull()) this.#options.socket.pause();
  }

  /** All bytes so far, once they are known to be neither HTTP nor TLS. */
  #checked(chunk: Buffer): Buffer | undefined {
    const bytes = Buffer.concat([this.#first ?? chunk, chunk]);
    const start = bytes.toString('latin1', 0, longestStranger);
    if (strangers.some((stranger) => start.startsWith(stranger))) {
      this.close();
      this.#options.onStranger();
      return undefined;
    }
    const isUndecided = strangers.some((stranger) => stranger.startsWith(start));
    this.#first = isUndecided ? bytes : undefined;
    return isUndecided ? undefined : bytes;
  }

  #isFull(): boolean {
    return this.#inbox.length > inboxMax || this.#options.isBehind();
  }

  #readOnIfKeptUp(): void {
    const { socket } = this.#options;
    if (this.#isClosed || !socket.isPaused() || this.#isFull()) return;
    socket.resume();
    this.#setDeadline();
  }

  /** Counts from a message's first byte, so that sending a byte now and then gains nothing. */
  #setDeadline(): void {
    const { socket, clock, onGiveUp } = this.#options;
    const isPending = this.#first !== undefined || this.#scanner.isPending;
    if (!isPending || socket.isPaused()) this.#clearDeadline();
    else {
      this.#cancelDeadline ??= clock.after(limits.completeMs, () => {
        const seconds = limits.completeMs / 1_000;
        onGiveUp(new CapsError('bad-message', `A message was not complete within ${seconds} s.`));
      });
    }
  }

  #clearDeadline(): void {
    this.#cancelDeadline?.();
    this.#cancelDeadline = undefined;
  }
}
