/**
 * What comes in on one TCP connection, as messages that wait to be handled. More is read only while there is room
 * for it: a connection that sends faster than the hub records is made to wait by TCP itself.
 */

import type { Socket } from 'node:net';
import { CapsError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Clock } from '../../clock.ts';
import { JsonScanner, type Scanned } from './json-scanner.ts';

/** Messages that may wait before the connection is read no further. */
const inboxMax = 1_024;
/** How a browser's request begins, or a TLS handshake: a web page must not be able to speak to this door. */
const strangers = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'PRI']
  .map((method) => `${method} `)
  .concat('\u0016\u0003');
const longestStranger = Math.max(...strangers.map(({ length }) => length));

export interface TcpInputOptions {
  readonly socket: Socket;
  readonly clock: Clock;
  /** Texts that are messages with a newline behind them or without. */
  readonly words: ReadonlySet<string>;
  /** Whether so much waits to be sent that nothing more should be asked for. */
  readonly isBehind: () => boolean;
  /** Something came: there may be messages to take. */
  readonly onData: () => void;
  /** The first bytes are not meant for this door. */
  readonly onStranger: () => void;
  /** A message is too long or takes too long; what follows cannot be read any more. */
  readonly onGiveUp: (error: CapsError) => void;
}

/** Messages to be handled together. */
export interface Lot {
  readonly messages: readonly Scanned[];
  /** When the first of them came. */
  readonly cameAt: number;
}

export class TcpInput {
  readonly #options: TcpInputOptions;
  readonly #scanner: JsonScanner;
  #inbox: { readonly one: Scanned; readonly cameAt: number }[] = [];
  /** Its first bytes, as long as they may turn out to be a stranger's; then undefined. */
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

  /** The oldest messages. */
  take(countMax: number): Lot {
    const taken = this.#inbox.splice(0, countMax);
    this.#readOnIfKeptUp();
    const cameAt = taken[0]?.cameAt ?? this.#options.clock.now();
    return { messages: taken.map(({ one }) => one), cameAt };
  }

  /** Passes over all that waits and all that will come. Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    this.#inbox = [];
    this.#clearDeadline();
    // What comes is thrown away, so that the end of it is noticed.
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
      // One by one: a chunk holds more than a call may have arguments.
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

  /** The bytes up to now, once they are known to be no stranger's. */
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

  /** From a message's first byte: whoever sends a byte now and then gains nothing by it. */
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
