interface Counts {
  readonly placed: number;
  readonly known: number;
  readonly refused: readonly unknown[];
}

/** How many orders of a file have an answer. */
export function doneOf({ placed, known, refused }: Counts): number {
  return placed + known + refused.length;
}
