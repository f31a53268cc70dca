/** What a proof says of itself: on the screen, and on the page that `npm run torture` writes. */

import type { TestContext } from 'vitest';

export interface Proof {
  /** What was done to the hub, e.g. "races: 16 drivers on all doors". The page has one row for each. */
  readonly what: string;
  /** How often, how many, how much. */
  readonly figure: string;
  readonly seed: number;
  /** What came of it, in a few words. */
  readonly result: string;
}

declare module 'vitest' {
  interface TaskMeta {
    proof?: Proof;
  }
}

/** `SEED=7 npm test` runs a proof again as it was. */
export const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** Before anything is expected of it: what failed is to stand on the page as well. */
export function tell({ task }: TestContext, proof: Proof): void {
  task.meta.proof = proof;
  console.log(`SEED=${proof.seed} ${proof.what}: ${proof.figure}: ${proof.result}`);
}

/** `1,234` */
export function inFigures(count: number): string {
  return Math.round(count).toLocaleString('en');
}
