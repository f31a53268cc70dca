/** Simulates a shop, for its page and the terminal program. The robot decides when to order; its owner sends the order. */

import type { RobotTimers } from './driver-robot.ts';

interface ShopRobotParts {
  timers: Pick<RobotTimers, 'every'>;
  isUp: () => boolean;
  order: () => void;
}

/**
 * Sends an order at once and then one every few seconds. Without a connection it sends nothing and queues nothing, so that
 * it does not flood the hub when it comes back.
 */
export class ShopRobot {
  readonly #parts: ShopRobotParts;
  #stop: (() => void) | undefined;
  #owesFirst = false;

  constructor(parts: ShopRobotParts) {
    this.#parts = parts;
  }

  /** A second call changes the interval. */
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

  /** Sends the first order if it could not be sent before. */
  becameLive(): void {
    if (!this.#owesFirst || !this.#parts.isUp()) return;
    this.#owesFirst = false;
    this.#parts.order();
  }
}
