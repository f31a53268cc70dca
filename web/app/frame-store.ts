/**
 * State outside React. Whoever owns a store keeps its own state as it likes and calls `touch` after a change;
 * a snapshot is taken, and the listeners told, once in the next frame, however many changes there were. Two
 * thousand messages in a second are at most sixty snapshots, and what nobody changed is the same object as before.
 */

/** What a component reads. */
export interface Readable<S> {
  /** The latest snapshot: the same object until the next frame that brings a change. */
  get(): S;
  /** May be passed on by itself. @returns a function that ends the listening */
  readonly subscribe: (listener: () => void) => () => void;
}

/** Runs a function in the next frame. @returns a function that calls it off */
export type NextFrame = (run: () => void) => () => void;

/** A hidden page has no frames, and one that is being hidden may wait for its frame for ever. */
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
   * @param take makes a snapshot of the owner's state, never to be changed afterwards. It may give parts of the
   *   previous one, or all of it, where nothing changed.
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

  /** Something has changed. */
  touch(): void {
    this.#callOff ??= this.#nextFrame(() => this.#publish());
  }

  /** No further snapshots. Safe to call twice. */
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
