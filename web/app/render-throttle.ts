import { type NextFrame, nextFrame } from './frame-store.ts';

/** Of the page's time, drawing what comes by itself takes at most one part in so many. */
const costShare = 12;
/** Not even on the slowest machine does a page that moves stand still for longer. */
const waitMaxMs = 1_000;

/**
 * Draws at most every so often, and on a slow machine more seldom: nobody reads faster, and drawing less leaves the
 * machine to its owner. It does so between two frames, because a frame that lays out and paints what was drawn in it
 * as well is one that comes late. What a person does must not wait for any of that: they may hurry what is due.
 */
export class RenderThrottle {
  readonly #everyMs: () => number;
  #last = Number.NEGATIVE_INFINITY;
  #costMs = 0;
  #run: (() => void) | undefined;
  #callOff: (() => void) | undefined;

  /** @param everyMs is asked each time: it may depend on whether anything moves */
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
    // React draws what a store publishes in a microtask, which this one comes after.
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
