/**
 * The gentle end of a hub behind a load balancer. The balancer notices first, then long connections move to other hubs.
 * Everything works until the hub stops.
 *
 *     SIGTERM ──▶ /readyz answers 503 ──half of the time──▶ long connections are sent away, evenly ──▶ the hub stops
 */

import type { Server } from 'node:http';
import type { Clock } from '../clock.ts';

/** A WebSocket, a stream or a TCP connection, which can go on at another hub. */
export interface LongConnection {
  /** Whether the hub still handles something that the client sent. */
  readonly isBusy: boolean;
  /** Ends it after everything is written. @param retryAfterMs tells the client when to come back, where the door can */
  sendAway(retryAfterMs: number): void;
}

/** Time between two groups of connections that leave. */
const stepMs = 100;
/** At the end, for those who left last to take what they were sent. */
const lastWordsMs = 500;
/** When clients come back, so that a thousand do not come at the same moment. */
const retryMs = { min: 250, max: 2_000 } as const;

export interface DrainOptions {
  readonly clock: Clock;
  readonly http: Pick<Server, 'prependListener'>;
  /** 0: no time. */
  readonly drainMs: number;
  /** All long connections that have not been sent away, the oldest first. */
  readonly here: () => readonly LongConnection[];
}

export class Drain {
  readonly #options: DrainOptions;
  #isDraining = false;
  #isOver = false;
  #wake = () => {};

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  /** The hub works, and should get nothing new. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Resolves when the time is over, when everybody has left, or when `end` is called. Call it once. */
  async start(): Promise<void> {
    const { http, drainMs, here } = this.#options;
    this.#isDraining = true;
    // A proxy must not send its next request on a connection that is about to end.
    http.prependListener('request', (_, response) => {
      response.shouldKeepAlive = false;
    });
    const lastMs = Math.min(lastWordsMs, drainMs / 4);
    await this.#pause(drainMs / 2);
    for (let steps = Math.ceil((drainMs / 2 - lastMs) / stepMs); steps > 0 && !this.#isOver; steps -= 1) {
      const left = here();
      if (left.length === 0) break;
      const idle = left.filter(({ isBusy }) => !isBusy);
      for (const connection of idle.slice(0, Math.ceil(left.length / steps))) {
        connection.sendAway(Math.round(retryMs.min + Math.random() * (retryMs.max - retryMs.min)));
      }
      await this.#pause(stepMs);
    }
    await this.#pause(lastMs);
  }

  /** Cuts it short. Safe to call twice. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  #pause(ms: number): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
