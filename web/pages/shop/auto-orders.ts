import type { Timers } from '../../app/timers.ts';

interface AutoOrdersParts {
  timers: Timers;
  /** Whether an order sent now is answered now. */
  isUp: () => boolean;
  /** Makes an order up and sends it. */
  order: () => void;
}

/**
 * Sends an order at once and then one every few seconds. While the connection is away nothing is sent and nothing
 * piles up: a shop that comes back is not to flood the hub with what it had not sold.
 */
export class AutoOrders {
  readonly #parts: AutoOrdersParts;
  #stop: (() => void) | undefined;
  /** The first order is still to be sent. */
  #owesFirst = false;

  constructor(parts: AutoOrdersParts) {
    this.#parts = parts;
  }

  start(everyMs: number): void {
    if (this.#stop === undefined) this.#owesFirst = true;
    this.#stop?.();
    this.#stop = this.#parts.timers.every(everyMs, () => {
      if (this.#parts.isUp()) this.#parts.order();
    });
    this.becameLive();
  }

  /** Safe to call twice. */
  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#owesFirst = false;
  }

  /** The connection may have become live. */
  becameLive(): void {
    if (!this.#owesFirst || !this.#parts.isUp()) return;
    this.#owesFirst = false;
    this.#parts.order();
  }
}
