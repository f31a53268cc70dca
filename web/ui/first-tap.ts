import type { MouseEvent } from 'react';

/**
 * Ignores the second tap of a double tap: many buttons are replaced by another one in the same place, for which it was not
 * meant. A key press counts as a first tap.
 */
export function firstTap(run: () => void): (event: MouseEvent) => void {
  return ({ detail }) => {
    if (detail < 2) run();
  };
}
