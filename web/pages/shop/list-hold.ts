import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { wasClicked } from '../../app/recent-click.ts';

/** After this idle time, nobody is about to press anything in the list. */
const holdMs = 3_000;
/** Prefix of the keys of drafts. */
export const draftPrefix = 'draft ';

/**
 * Keeps the rows in place while somebody uses the list, by mouse, finger or keyboard. New rows wait and are counted.
 */
export class ListHold {
  #count = 0;
  #releases = 0;
  readonly #waiting = new FrameStore<number>(() => this.#count);
  readonly #released = new FrameStore<number>(() => this.#releases);
  #order: readonly string[] = [];
  #isDown = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Number of waiting rows. */
  get waiting(): Readable<number> {
    return this.#waiting;
  }

  /** Changes whenever the rows may be arranged again. */
  get released(): Readable<number> {
    return this.#released;
  }

  /** Reports that somebody uses the list. */
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

  /** Shows the waiting rows, unless a finger is down. */
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

  /** @returns the keys in the order to draw; the same array if nothing is held back */
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
      // A draft may have become an order.
      .map((key) => (now.has(key) || !key.startsWith(draftPrefix) ? key : key.slice(draftPrefix.length)))
      .filter((key) => now.has(key));
    const drawn = new Set(order);
    // Show the user's own new order at once.
    const hasOwn = wasClicked() && keys.some((key) => key.startsWith(draftPrefix) && !drawn.has(key));
    const isSame = order.length === keys.length && order.every((key, place) => key === keys[place]);
    return hasOwn || isSame ? undefined : order;
  }
}
