/** How many live connections each address has, over all doors together. */
export class Crowd {
  readonly #max: number;
  /** As many entries as there are connections, at the most. */
  readonly #here = new Map<string, number>();

  /** @param max connections of one address; Infinity: any number */
  constructor(max: number) {
    this.#max = max;
  }

  /** @returns what is to be called when it is gone, which is safe to call twice; undefined for the one too many */
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

/** What the one too many is told. */
export const crowdedWords = 'This address has too many connections; close some, or try again later.';
