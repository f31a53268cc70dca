import type { CapsRecord } from '../../../protocol/messages.ts';
import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { RenderThrottle } from '../../app/render-throttle.ts';
import { isPaused, type Mode } from './log-window.ts';
import { RateBars, type RateSnapshot } from './rate-bars.ts';

/** Interval of updates while following. */
const everyMs = 250;
/** Interval of updates while frozen. */
const frozenEveryMs = 1_000;

/** The number of events in each of the last seconds. */
export class Throughput {
  readonly #bars = new RateBars();
  readonly #store: FrameStore<RateSnapshot>;
  readonly #second: ReturnType<typeof setInterval>;

  /** @param mode the chart stands still while the log is paused */
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
