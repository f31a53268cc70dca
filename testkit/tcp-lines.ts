/**
 * Reads the TCP door's lines: `readLines` on a socket that the caller owns, `TcpLine` on a connection of its own.
 * Clients of the lab parse chunks instead of lines, on purpose.
 */

import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/**
 * Calls `onLine` with every complete line. Only a line feed ends one: `node:readline` would also split at U+2028,
 * which JSON leaves unescaped. A paused source is not read. Errors are ignored, because 'close' follows.
 */
export function readLines(source: Readable, onLine: (line: string) => void): void {
  source.on('error', () => {});
  const decoder = new StringDecoder();
  let rest = '';
  source.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}

/** A connection, and its lines. */
export class TcpLine {
  readonly socket: Socket;
  readonly heard: string[] = [];
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  #listeners: ((line: string) => void)[] = [];

  /** @param from the local address */
  constructor(port: number, from = '127.0.0.1') {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, localAddress: from });
    this.ended = new Promise((resolve) => this.socket.once('close', () => resolve()));
    readLines(this.socket, (line) => {
      this.heard.push(line);
      for (const listener of [...this.#listeners]) listener(line);
    });
  }

  write(data: string | Uint8Array | object): void {
    this.socket.write(typeof data === 'string' || data instanceof Uint8Array ? data : JSON.stringify(data));
  }

  on(listener: (line: string) => void): void {
    this.#listeners.push(listener);
  }

  /** The first line that fits, now or later. */
  line(fits: string | ((message: LineMessage) => boolean)): Promise<string> {
    const isIt = (line: string) =>
      typeof fits === 'string'
        ? line === fits
        : line.startsWith('{') && fits(JSON.parse(line) as LineMessage);
    const known = this.heard.find(isIt);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const listener = (line: string) => {
        if (!isIt(line)) return;
        this.#listeners = this.#listeners.filter((one) => one !== listener);
        resolve(line);
      };
      this.#listeners.push(listener);
      void this.ended.then(() => reject(new Error(`ended after ${this.heard.slice(-3).join(' ')}`)));
    });
  }

  async message(fits: (message: LineMessage) => boolean): Promise<LineMessage> {
    return JSON.parse(await this.line(fits)) as LineMessage;
  }

  /** The first error, now or later. */
  async error(): Promise<string> {
    const { payload } = await this.message(({ event }) => event === 'error');
    return String(payload['code']);
  }

  close(): void {
    this.socket.destroy();
  }
}

export interface LineMessage {
  readonly event: string;
  readonly payload: Record<string, unknown>;
  readonly id?: string;
  /** Of the vehicle gateway. */
  readonly type?: string;
  readonly message?: string;
}
