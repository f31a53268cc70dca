import type { CapsRecord } from '../../../protocol/messages.ts';
import { FrameStore, type Readable } from '../../frame-store.ts';
import { Pace } from './pace.ts';
import { RateBars, type RateSnapshot } from './rate-bars.ts';

/** Bars are drawn at most this often while they grow by themselves. */
const everyMs = 250;

/** How busy the log is, second by second. */
export class Pulse {
  readonly #bars = new RateBars();
  readonly #store: FrameStore<RateSnapshot>;
  readonly #second: ReturnType<typeof setInterval>;

  /** @param isHeld a pause holds everything that moves by itself */
  constructor(isHeld: () => boolean) {
    this.#store = new FrameStore(
      (previous) => (previous && isHeld() ? previous : this.#bars.snapshot(Date.now())),
      new Pace(everyMs).next,
    );
    this.#second = setInterval(() => this.touch(), 1_000);
  }

  get rate(): Readable<RateSnapshot> {
    return this.#store;
  }

  live(records: readonly CapsRecord[]): void {
    this.#bars.live(records, Date.now());
    this.touch();
  }

  history(records: readonly CapsRecord[]): void {
    this.#bars.history(records);
    this.touch();
  }

  clear(): void {
    this.#bars.clear();
    this.touch();
  }

  touch(): void {
    this.#store.touch();
  }

  /** Safe to call twice. */
  close(): void {
    clearInterval(this.#second);
    this.#store.close();
  }
}
