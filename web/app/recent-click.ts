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

/** Who touched the page last longer ago than this is not about to press anything. */
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

/** No finger, mouse or key has been at the page for a while. */
export function wasUntouched(): boolean {
  return !isDown && performance.now() - touchedAt > idleMs;
}
