/** Counts connections per address, over all doors. */
export class ConnectionLimiter {
  readonly #max: number;
  readonly #here = new Map<string, number>();

  /** @param max connections per address; Infinity: no limit */
  constructor(max: number) {
    this.#max = max;
  }

  /** @returns leave, safe to call twice; undefined if there are too many */
  enter(address: string): (() => void) | undefined {
    const count = this.#here.get(address) ?? 0;
    if (count >= this.#max) return undefined;
    this.#here.set(address, count + 1);
    let isHere = true;
    return () => {
      if (isHere) this.#leave(address);
      isHere = false;
    };
  }

  #leave(address: string): void {
    const left = (this.#here.get(address) ?? 0) - 1;
    if (left > 0) this.#here.set(address, left);
    else this.#here.delete(address);
  }
}

/** The error for the rejected connection. */
export const tooManyConnections = 'This address has too many connections; close some, or try again later.';
