interface ImportCounts {
  readonly placed: number;
  readonly known: number;
  readonly refused: readonly unknown[];
}

/** How many orders of a file have an answer. */
export function answeredCount({ placed, known, refused }: ImportCounts): number {
  return placed + known + refused.length;
}
