/** How the lab's programs read TCP: they parse each chunk as one message. */

/**
 * Detects pauses of this process, after which everything comes in one chunk. A lab program has its own process; those of
 * tests share one with the test.
 */
class Standstill {
  #turnAt = performance.now();
  #endedAt = 0;

  constructor() {
    setInterval(() => {
      const now = performance.now();
      if (now - this.#turnAt > 15) this.#endedAt = now;
      this.#turnAt = now;
    }, 5).unref();
  }

  get isOver(): boolean {
    const now = performance.now();
    return now - this.#endedAt < 50 || now - this.#turnAt > 15;
  }
}
const standstill = new Standstill();

/** @returns the chunk as one message; after a pause of this process its lines, which the hub has sent one by one */
export function messagesOf(chunk: Buffer | string): string[] {
  return standstill.isOver ? String(chunk).trim().split('\n') : [String(chunk)];
}
