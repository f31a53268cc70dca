import type { CapsRecord } from '../../../protocol/messages.ts';
import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { RenderThrottle } from '../../app/render-throttle.ts';
import { isPaused, type Mode } from './log-window.ts';
import { RateBars, type RateSnapshot } from './rate-bars.ts';

/** Bars are drawn at most this often while they grow by themselves. */
const everyMs = 250;
/** And this often while the reader looks at what stands still. */
const frozenEveryMs = 1_000;

/** How busy the log is, second by second. */
export class Throughput {
  readonly #bars = new RateBars();
  readonly #store: FrameStore<RateSnapshot>;
  readonly #second: ReturnType<typeof setInterval>;

  /** @param mode a pause holds everything that moves by itself */
  constructor(mode: () => Mode) {
    this.#store = new FrameStore(
      (previous) => (previous && isPaused(mode()) ? previous : this.#bars.snapshot(hubClock.now())),
      new RenderThrottle(() => (mode().kind === 'frozen' ? frozenEveryMs : everyMs)).next,
    );
    this.#second = setInterval(() => this.touch(), 1_000);
  }

  get rate(): Readable<RateSnapshot> {
    return this.#store;
  }

  live(records: readonly CapsRecord[]): void {
    this.#bars.live(records, hubClock.now());
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
