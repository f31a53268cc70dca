/**
 * What a plain client has sent and the hub has not handled yet. Past a bound the hub stops reading its connection: TCP's own
 * backpressure then slows a program that sends faster than the hub records, and nothing of it is refused. All namespaces of
 * a connection count together.
 */

import type { Socket } from 'socket.io';
import type { Bucket } from '../../edge/rate.ts';

type Connection = Socket['conn'];

/** Bytes past which a connection is not read on. */
const readMax = 256 * 1024;
/** Over HTTP polling it cannot be stopped: bytes past which what it sends is refused. A message has up to 1 MiB. */
const unhandledMax = 2 * 1024 * 1024;
/** The same for all connections together, also those that have sent and gone. */
const totalMax = 64 * 1024 * 1024;

/** Bytes that all plain clients have sent and the hub has not handled yet. */
export interface InputTotal {
  bytes: number;
}

export class PlainInput {
  readonly bucket: Bucket;
  readonly #connection: Pick<Connection, 'on' | 'transport'>;
  readonly #total: InputTotal;
  #bytes = 0;
  /** Inboxes that are being handled. */
  #busy = 0;

  constructor(connection: Pick<Connection, 'on' | 'transport'>, bucket: Bucket, total: InputTotal) {
    this.bucket = bucket;
    this.#connection = connection;
    this.#total = total;
    connection.on('packet', ({ data }: { data?: string | Buffer }) => this.#came(data?.length ?? 0));
    connection.on('close', () => this.#restart());
  }

  get isFull(): boolean {
    return this.#bytes > unhandledMax || this.#total.bytes > totalMax;
  }

  /** An inbox has something to handle. */
  begins(): void {
    this.#busy += 1;
  }

  /** An inbox is empty. */
  ends(): void {
    this.#busy -= 1;
    this.#restart();
    if (this.#busy === 0) webSocketOf(this.#connection)?.resume();
  }

  #came(bytes: number): void {
    this.#restart();
    this.#bytes += bytes;
    this.#total.bytes += bytes;
    if (this.#bytes > readMax && this.#busy > 0) webSocketOf(this.#connection)?.pause();
  }

  /** While nothing is being handled, all that came before has been. */
  #restart(): void {
    if (this.#busy > 0) return;
    this.#total.bytes -= this.#bytes;
    this.#bytes = 0;
  }
}

/** The library's WebSocket; undefined over HTTP polling. */
function webSocketOf({ transport }: Pick<Connection, 'transport'>): WebSocketPauses | undefined {
  return transport.name === 'websocket'
    ? (transport as unknown as { socket: WebSocketPauses }).socket
    : undefined;
}

interface WebSocketPauses {
  /** Has no effect unless the connection is open. */
  pause(): void;
  resume(): void;
}
