/** A difference up to this is as likely the way from the hub to here, and makes nothing jump. */
const smallMs = 2_000;

/**
 * The hub's time, as far as this device has learned it. Devices are minutes or hours off (set by hand, in the wrong
 * zone), so what is late or how old something is goes by the hub's clock. Each `welcome` brings its time; in between
 * this device's clock counts on, and where somebody sets that back, this one goes on.
 */
export class HubClock {
  readonly #listeners = new Set<() => void>();
  #aheadMs: number;
  #deviceMs = Date.now();
  #steadyMs = performance.now();

  /** @param aheadMs how far the hub was ahead of this device when that was last known */
  constructor(aheadMs = 0) {
    this.#aheadMs = Number.isFinite(aheadMs) ? aheadMs : 0;
  }

  /** How far the hub is ahead of this device; negative where the device is, 0 where they hardly differ. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /** Milliseconds since 1970 at the hub. */
  now(): number {
    const [deviceMs, steadyMs] = [Date.now(), performance.now()];
    // The other way round it may have slept, where only this device's clock goes on.
    const setBackMs = steadyMs - this.#steadyMs - (deviceMs - this.#deviceMs);
    if (setBackMs > smallMs) this.#aheadMs += setBackMs;
    this.#deviceMs = deviceMs;
    this.#steadyMs = steadyMs;
    return deviceMs + this.#aheadMs;
  }

  /** @param time of the hub, just now */
  hear(time: string): void {
    const apartMs = Date.parse(time) - this.now();
    if (!(Math.abs(apartMs) >= smallMs)) return;
    const aheadMs = this.#aheadMs + apartMs;
    this.#aheadMs = Math.abs(aheadMs) < smallMs ? 0 : aheadMs;
    for (const listener of this.#listeners) listener();
  }

  /** Hears of jumps. */
  onJump(listener: () => void): void {
    this.#listeners.add(listener);
  }
}
