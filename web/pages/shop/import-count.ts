interface ImportCounts {
  readonly placed: number;
  readonly known: number;
  readonly refused: readonly unknown[];
}

/** @returns the number of orders with an answer */
export function answeredCount({ placed, known, refused }: ImportCounts): number {
  return placed + known + refused.length;
}
