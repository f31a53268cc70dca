/** A map bounded in number and size; the least recently set entries go first. */
export class Recent<V> {
  readonly #map = new Map<string, { readonly value: V; readonly size: number }>();
  readonly #countMax: number;
  readonly #sizeMax: number;
  #size = 0;

  constructor(countMax: number, sizeMax: number) {
    this.#countMax = countMax;
    this.#sizeMax = sizeMax;
  }

  get(key: string): V | undefined {
    return this.#map.get(key)?.value;
  }

  /** @param size in the unit of `sizeMax` */
  set(key: string, value: V, size: number): void {
    this.forget(key);
    this.#map.set(key, { value, size });
    this.#size += size;
    if (this.#map.size <= this.#countMax && this.#size <= this.#sizeMax) return;
    for (const oldest of this.#map.keys()) {
      if (this.#map.size <= this.#countMax && this.#size <= this.#sizeMax) break;
      this.forget(oldest);
    }
  }

  forget(key: string): void {
    this.#size -= this.#map.get(key)?.size ?? 0;
    this.#map.delete(key);
  }
}
