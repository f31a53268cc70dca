/**
 * Tells user actions from updates: after a click the page may move at once. A `pointerdown` does not count, because
 * nothing may move under a finger.
 */

let at = Number.NEGATIVE_INFINITY;
/** Browsers use the same span when they measure layout shifts. */
const recentMs = 500;

// A button pressed by key fires `click` as well.
globalThis.addEventListener?.(
  'click',
  () => {
    at = performance.now();
  },
  { capture: true, passive: true },
);

/** Whether the user has just clicked something. */
export function wasClicked(): boolean {
  return performance.now() - at < recentMs;
}

/** A user who has been idle for longer is not about to press anything. */
const idleMs = 3_000;
let touchedAt = Number.NEGATIVE_INFINITY;
let isDown = false;

for (const type of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel', 'keydown', 'wheel'] as const)
  globalThis.addEventListener?.(
    type,
    () => {
      touchedAt = performance.now();
      if (type === 'pointerdown') isDown = true;
      if (type === 'pointerup' || type === 'pointercancel') isDown = false;
    },
    { capture: true, passive: true },
  );

/** Whether the user has been idle for a while. */
export function wasUntouched(): boolean {
  return !isDown && performance.now() - touchedAt > idleMs;
}
