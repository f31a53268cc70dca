import type { MouseEvent } from 'react';

/**
 * Runs for the first tap of a double tap alone. Many buttons put another in their own place; the second tap of a hasty
 * thumb was never meant for that one. A key press counts as a first tap.
 */
export function firstTap(run: () => void): (event: MouseEvent) => void {
  return ({ detail }) => {
    if (detail < 2) run();
  };
}
