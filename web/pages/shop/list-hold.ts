import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { wasClicked } from '../../app/recent-click.ts';

/** Who was last at the list longer ago than this is not about to press anything in it. */
const holdMs = 3_000;
/** As the list's keys begin of what is still being sent. */
export const draftPrefix = 'draft ';

/**
 * While somebody is at the list, with the mouse, a finger or the keyboard, its rows keep their places: what comes
 * meanwhile waits, and is told of.
 */
export class ListHold {
  #count = 0;
  #releases = 0;
  readonly #waiting = new FrameStore<number>(() => this.#count);
  readonly #released = new FrameStore<number>(() => this.#releases);
  #order: readonly string[] = [];
  #isDown = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** How many rows wait. */
  get waiting(): Readable<number> {
    return this.#waiting;
  }

  /** Another number each time the rows may take their places again. */
  get released(): Readable<number> {
    return this.#released;
  }

  /** Somebody is at the list. */
  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.release(), holdMs);
  }

  press(): void {
    this.#isDown = true;
    this.touch();
  }

  lift(): void {
    this.#isDown = false;
    this.touch();
  }

  /** The rows may take their places, unless a finger is down. */
  release(): void {
    if (this.#isDown) {
      this.touch();
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#count === 0) return;
    this.#releases += 1;
    this.#released.touch();
  }

  /** @returns the keys in the order in which they are drawn: the same array as long as nothing is held back */
  arrange(keys: readonly string[]): readonly string[] {
    const held = this.#timer === undefined ? undefined : this.#heldOf(keys);
    this.#order = held ?? keys;
    this.#count = keys.length - this.#order.length;
    this.#waiting.touch();
    return this.#order;
  }

  #heldOf(keys: readonly string[]): readonly string[] | undefined {
    if (this.#order === keys || this.#order.length === 0) return undefined;
    const now = new Set(keys);
    const order = this.#order
      // What was being sent is the order itself now.
      .map((key) => (now.has(key) || !key.startsWith(draftPrefix) ? key : key.slice(draftPrefix.length)))
      .filter((key) => now.has(key));
    const drawn = new Set(order);
    // Who sends an order wants to see it.
    const hasOwn = wasClicked() && keys.some((key) => key.startsWith(draftPrefix) && !drawn.has(key));
    const isSame = order.length === keys.length && order.every((key, place) => key === keys[place]);
    return hasOwn || isSame ? undefined : order;
  }
}
