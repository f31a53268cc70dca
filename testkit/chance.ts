/** Reproducible randomness: the same seed gives the same numbers. */
export interface Chance {
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** An item of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T;
}

/** A 32-bit mixer over a counter, with the constants of MurmurHash3's finalizer. */
export function seeded(seed: number): Chance {
  let count = seed | 0;
  const next = (): number => {
    count = (count + 0x9e3779b9) | 0;
    let x = count;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  };
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    int,
    pick(list) {
      const item = list[int(0, list.length - 1)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}
