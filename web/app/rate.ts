const windowSeconds = 5;

/** Average rate over the last few seconds. */
export class Rate {
  /** One count per second; the index is the second modulo the length. */
  readonly #counts = new Array<number>(windowSeconds + 1).fill(0);
  #second: number;
  readonly #start: number;

  constructor(nowMs: number) {
    this.#start = nowMs;
    this.#second = Math.floor(nowMs / 1_000);
  }

  add(count: number, nowMs: number): void {
    this.#moveTo(nowMs);
    const index = this.#second % this.#counts.length;
    this.#counts[index] = (this.#counts[index] ?? 0) + count;
  }

  perSecond(nowMs: number): number {
    this.#moveTo(nowMs);
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    const intoSecond = (nowMs % 1_000) / 1_000;
    const seconds = Math.min(windowSeconds + intoSecond, (nowMs - this.#start) / 1_000);
    return total / Math.max(1, seconds);
  }

  #moveTo(nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    const from = Math.max(this.#second + 1, second - this.#counts.length + 1);
    for (let passed = from; passed <= second; passed += 1) this.#counts[passed % this.#counts.length] = 0;
    this.#second = Math.max(this.#second, second);
  }
}
