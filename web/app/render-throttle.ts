import { type NextFrame, nextFrame } from './frame-store.ts';

/** Updates may use at most one part in twelve of the page's time. */
const costShare = 12;
/** Upper bound of the wait, however slow the machine is. */
const waitMaxMs = 1_000;

/**
 * Throttles rendering: at most once per interval, and less often on a slow machine. It renders between two frames,
 * because a frame that renders as well as lays out and paints comes late. After a user's action, call `hurry`.
 */
export class RenderThrottle {
  readonly #everyMs: () => number;
  #last = Number.NEGATIVE_INFINITY;
  #costMs = 0;
  #run: (() => void) | undefined;
  #callOff: (() => void) | undefined;

  /** @param everyMs returns the interval; it is called each time, because it may depend on the page's state */
  constructor(everyMs: () => number) {
    this.#everyMs = everyMs;
  }

  readonly next: NextFrame = (run) => {
    this.#run = run;
    const waitMs = Math.max(this.#everyMs(), Math.min(waitMaxMs, this.#costMs * costShare));
    const timer = setTimeout(() => this.#draw(), Math.max(0, this.#last + waitMs - performance.now()));
    this.#callOff = () => clearTimeout(timer);
    return () => this.#stop();
  };

  hurry(): void {
    if (!this.#run) return;
    this.#callOff?.();
    this.#callOff = nextFrame(() => this.#draw());
  }

  #draw(): void {
    const run = this.#run;
    this.#stop();
    this.#last = performance.now();
    run?.();
    // React renders a store's change in a microtask, which runs before this one.
    queueMicrotask(() => {
      this.#costMs = performance.now() - this.#last;
    });
  }

  #stop(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#run = undefined;
  }
}
