/** What the TCP door sends, line by line: of a socket that somebody has, and of a connection of our own. */

import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** Tells every line. What breaks is also closed, so that `close` tells of every end: an error is no news. */
export function readLines(socket: Socket, onLine: (line: string) => void): void {
  socket.on('error', () => {});
  // The interface emits the errors of its input once more.
  createInterface({ input: socket })
    .on('error', () => {})
    .on('line', onLine);
}

/** A connection and what it is sent, line by line. */
export class TcpLine {
  readonly socket: Socket;
  readonly heard: string[] = [];
  /** Resolves with the time of its end. */
  readonly ended: Promise<void>;
  #listeners: ((line: string) => void)[] = [];

  /** @param from this machine's address that it comes from */
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

  /** The first line that fits, come or to come. */
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

  /** The first error, come or to come. */
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
}
