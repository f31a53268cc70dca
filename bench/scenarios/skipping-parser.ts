/** Reads a byte stream by the beginnings of its messages and skips the rest, so that a reader costs little. */

/** Consumed bytes of the beginning, and bytes after them that nobody looks at. */
export interface Step {
  readonly used: number;
  readonly skip: number;
}

export class SkippingParser {
  readonly #step: (data: Buffer) => Step | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #skip = 0;

  /** @param step gets all that is left, and returns undefined until that is enough */
  constructor(step: (data: Buffer) => Step | undefined) {
    this.#step = step;
  }

  push(chunk: Buffer): void {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const skipped = Math.min(this.#skip, data.length);
      this.#skip -= skipped;
      data = data.subarray(skipped);
      const step = data.length === 0 ? undefined : this.#step(data);
      if (!step) break;
      data = data.subarray(step.used);
      this.#skip = step.skip;
    }
    this.#rest = data;
  }
}
