/**
 * State outside React. The owner of a store changes its state as it likes and calls `touch`. The store takes one
 * snapshot in the next frame and notifies its listeners, however many changes there were: two thousand messages a
 * second are at most sixty snapshots.
 */

export interface Readable<S> {
  /** The latest snapshot: the same object until the next frame that brings a change. */
  get(): S;
  /** Bound, so that it can be passed on. @returns unsubscribe */
  readonly subscribe: (listener: () => void) => () => void;
}

/** Runs a function in the next frame. @returns cancels it */
export type NextFrame = (run: () => void) => () => void;

/** Hidden pages have no frames, so a timer runs as well. */
const frameAtMostMs = 250;

export const nextFrame: NextFrame = (run) => {
  const once = () => {
    callOff();
    run();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, frameAtMostMs);
  const callOff = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  return callOff;
};

export class FrameStore<S> implements Readable<S> {
  readonly #take: (previous: S | undefined) => S;
  readonly #nextFrame: NextFrame;
  readonly #listeners = new Set<() => void>();
  #snapshot: S;
  #callOff: (() => void) | undefined;

  /**
   * @param take returns an immutable snapshot of the owner's state. It may reuse parts of the previous one, or all of
   *   it, if they have not changed
   */
  constructor(take: (previous: S | undefined) => S, frame: NextFrame = nextFrame) {
    this.#take = take;
    this.#nextFrame = frame;
    this.#snapshot = take(undefined);
  }

  get(): S {
    return this.#snapshot;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Schedules a snapshot. */
  touch(): void {
    this.#callOff ??= this.#nextFrame(() => this.#publish());
  }

  /** Takes no further snapshots. Safe to call twice. */
  close(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#listeners.clear();
  }

  #publish(): void {
    this.#callOff = undefined;
    const snapshot = this.#take(this.#snapshot);
    if (Object.is(snapshot, this.#snapshot)) return;
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener();
  }
}
