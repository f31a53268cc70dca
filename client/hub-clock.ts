/** Ignores smaller differences, which network delay explains as well. */
const smallMs = 2_000;

/**
 * Estimates the hub's time. Devices are minutes or hours off (set by hand, wrong zone), so ages and deadlines use the
 * hub's clock. Each `welcome` carries the time; in between, this device's clock counts on. If somebody sets the device's
 * clock back, this clock still runs forward.
 */
export class HubClock {
  readonly #listeners = new Set<() => void>();
  #aheadMs: number;
  #deviceMs = Date.now();
  #steadyMs = performance.now();

  /** @param aheadMs the last known value of `aheadMs` */
  constructor(aheadMs = 0) {
    this.#aheadMs = Number.isFinite(aheadMs) ? aheadMs : 0;
  }

  /** How far the hub's clock is ahead of this device's; negative if behind, 0 if they hardly differ. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /** The hub's time in milliseconds since 1970. */
  now(): number {
    const [deviceMs, steadyMs] = [Date.now(), performance.now()];
    // The opposite difference may be sleep, during which the monotonic clock stops on some devices.
    const setBackMs = steadyMs - this.#steadyMs - (deviceMs - this.#deviceMs);
    if (setBackMs > smallMs) this.#aheadMs += setBackMs;
    this.#deviceMs = deviceMs;
    this.#steadyMs = steadyMs;
    return deviceMs + this.#aheadMs;
  }

  /** @param time the hub's time now */
  hear(time: string): void {
    const apartMs = Date.parse(time) - this.now();
    if (!(Math.abs(apartMs) >= smallMs)) return;
    const aheadMs = this.#aheadMs + apartMs;
    this.#aheadMs = Math.abs(aheadMs) < smallMs ? 0 : aheadMs;
    for (const listener of this.#listeners) listener();
  }

  onJump(listener: () => void): void {
    this.#listeners.add(listener);
  }
}
