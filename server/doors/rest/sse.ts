/** A stream of server-sent events that knows how many bytes its client has not taken yet. */

import type { ServerResponse } from 'node:http';

export class EventStream {
  readonly #response: ServerResponse;
  readonly #onTaken: () => void;
  #queued = 0;
  #waiting: (() => void)[] = [];
  #isOpen = true;

  /** @param onTaken called when the network has taken everything @param onClose called once, whoever ended it */
  constructor(response: ServerResponse, onTaken: () => void, onClose: () => void) {
    this.#response = response;
    this.#onTaken = onTaken;
    response.once('close', () => {
      this.#isOpen = false;
      this.#settle();
      onClose();
    });
    // 'close' follows.
    response.on('error', () => {});
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      // Closes the connection with the stream, so that a stopping hub need not wait for it.
      connection: 'close',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
  }

  get queued(): number {
    return this.#queued;
  }

  get queuedSize(): number {
    return this.#response.writableLength;
  }

  write(text: string): void {
    if (!this.#isOpen || text === '') return;
    this.#queued += 1;
    this.#response.write(text, (error) => {
      this.#queued -= 1;
      if (this.#queued > 0) return;
      if (!error) this.#onTaken();
      this.#settle();
    });
  }

  /** Writes one event; without a name the browser passes it to `onmessage`. */
  say(name: string | undefined, json: string): void {
    this.write(messageOf(name, json));
  }

  /** Always takes a turn: a reader that writes nothing must not hold up everyone else. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#queued > 0 && this.#isOpen) this.#waiting.push(resolve);
      else setImmediate(resolve);
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Ends it after everything is written. @param retryAfterMs when a browser connects again */
  sendAway(retryAfterMs: number): void {
    this.write(`retry: ${retryAfterMs}\n\n`);
    this.end();
  }

  /** Ends it after everything is written. Safe to call twice. */
  end(): void {
    this.#isOpen = false;
    this.#settle();
    this.#response.end();
  }

  /** Ends it at once. Safe to call twice. */
  cut(): void {
    this.#response.destroy();
  }

  #settle(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export function messageOf(name: string | undefined, json: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${json}\n\n`;
}
