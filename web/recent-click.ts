/**
 * What a person does moves the page at once, and they expect it to. Not from when a finger goes down: until it is up
 * again, what is under it must stay.
 */

let at = Number.NEGATIVE_INFINITY;
/** As browsers have it where they measure how a page moves by itself. */
const recentMs = 500;

// A key that presses a button clicks it.
globalThis.addEventListener?.(
  'click',
  () => {
    at = performance.now();
  },
  { capture: true, passive: true },
);

/** Whether something here was pressed a moment ago. */
export function wasClicked(): boolean {
  return performance.now() - at < recentMs;
}
