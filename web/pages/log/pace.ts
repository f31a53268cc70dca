import { type NextFrame, nextFrame } from '../../frame-store.ts';

/**
 * Frames at most every so often: nobody reads faster, and drawing less leaves the machine to its owner. What a
 * person does must not wait for that, so they may hurry the frame that is due.
 */
export class Pace {
  readonly #everyMs: number;
  #last = Number.NEGATIVE_INFINITY;
  #run: (() => void) | undefined;
  #callOff: (() => void) | undefined;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  readonly next: NextFrame = (run) => {
    this.#run = run;
    const waitMs = this.#last + this.#everyMs - performance.now();
    if (waitMs > 0) {
      const timer = setTimeout(() => this.#inFrame(), waitMs);
      this.#callOff = () => clearTimeout(timer);
    } else {
      this.#inFrame();
    }
    return () => this.#stop();
  };

  hurry(): void {
    if (this.#run) this.#inFrame();
  }

  #inFrame(): void {
    this.#callOff?.();
    this.#callOff = nextFrame(() => {
      const run = this.#run;
      this.#stop();
      this.#last = performance.now();
      run?.();
    });
  }

  #stop(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#run = undefined;
  }
}
