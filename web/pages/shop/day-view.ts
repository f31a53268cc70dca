import type { Client } from '../../../client/client.ts';
import type { CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { RenderThrottle } from '../../app/render-throttle.ts';
import { dayRange } from '../../app/zoned-day.ts';
import { type DaySummary, DayTally } from './day-tally.ts';
import { fetchDay, fetchOrder } from './fetch-orders.ts';
import { readRecords } from './fetch-records.ts';

export interface DayState extends DaySummary {
  readonly kind: 'loading' | 'done' | 'failed';
  /** Why it could not be read, for a person. */
  readonly problem: string | undefined;
  /** Orders that the hub's disk has damaged, so that they count nowhere. */
  readonly damaged: number;
}

interface DayViewParts {
  readonly store: string;
  readonly zone: string;
  readonly day: string;
  readonly client: Pick<Client, 'on'>;
  /** For tests, in place of the hub. */
  readonly hub?: DayHub;
}

export interface DayHub {
  readonly fetchDay: typeof fetchDay;
  readonly fetchOrder: typeof fetchOrder;
  readonly readRecords: typeof readRecords;
}

/** Draws at most this often what comes by itself. */
const drawEveryMs = 500;
/** What is late is looked at this often. */
const lookEveryMs = 30_000;
/** So many deliveries are asked about one by one; for more, the records of their time are read. */
const oneByOneMax = 20;

/**
 * The orders for one day of a shop. They are read from the hub, whatever the page has of them, and the feed keeps them up to date:
 * of what comes both ways, the higher `rev` counts.
 */
export class DayView {
  readonly #parts: DayViewParts;
  readonly #hub: DayHub;
  readonly #ends: readonly (() => void)[];
  readonly #throttle = new RenderThrottle(() => drawEveryMs);
  readonly #state: FrameStore<DayState>;
  #tally: DayTally;
  #kind: DayState['kind'] = 'loading';
  #problem: string | undefined;
  #damaged = 0;
  #reading: AbortController | undefined;

  constructor(parts: DayViewParts) {
    this.#parts = parts;
    this.#hub = parts.hub ?? { fetchDay, fetchOrder, readRecords };
    this.#tally = this.#newTally();
    this.#state = new FrameStore(() => this.#take(), this.#throttle.next);
    const looking = setInterval(() => this.#state.touch(), lookEveryMs);
    this.#ends = [
      parts.client.on('events', ({ records }) => this.#hear(records)),
      // Another log: nothing of what was read is sure.
      parts.client.on('reset', () => void this.load()),
      () => clearInterval(looking),
    ];
    void this.load();
  }

  get state(): Readable<DayState> {
    return this.#state;
  }

  /** Reads the day from the beginning. Never rejects. */
  async load(): Promise<void> {
    this.#reading?.abort();
    const reading = new AbortController();
    const { signal } = reading;
    this.#reading = reading;
    this.#tally = this.#newTally();
    this.#damaged = 0;
    this.#become('loading');
    try {
      await this.#readList(signal);
      if (signal.aborted) return;
      this.#tally.complete();
      await this.#readDeliveries(this.#tally.lateSeeming(), signal);
      if (!signal.aborted) this.#become('done');
    } catch (error) {
      if (!signal.aborted) this.#become('failed', error instanceof Error ? error.message : String(error));
      reading.abort();
    }
  }

  async #readList(signal: AbortSignal): Promise<void> {
    const { store, zone, day } = this.#parts;
    const { from, to } = dayRange(zone, day);
    let cursor: string | undefined;
    do {
      const page = await this.#hub.fetchDay({ store, from, to: to - 1, cursor }, signal);
      if (signal.aborted) return;
      this.#tally.addViews(page.items);
      this.#damaged += page.damaged ?? 0;
      this.#state.touch();
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }

  async #readDeliveries(seeming: readonly ParcelView[], signal: AbortSignal): Promise<void> {
    const take = (records: readonly CapsRecord[]) => this.#tally.tell(records);
    if (seeming.length <= oneByOneMax) {
      for (const { payload } of seeming) {
        take((await this.#hub.fetchOrder(payload)).records);
        if (signal.aborted) return;
      }
      return;
    }
    // What changed them last is the delivery.
    const times = seeming.map(({ changedAt }) => Date.parse(changedAt)).sort((a, b) => a - b);
    const range = { from: times[0] ?? 0, to: times.at(-1) };
    await this.#hub.readRecords(this.#parts.store, ['delivered'], range, { take, signal });
  }

  /** Safe to call twice. */
  close(): void {
    this.#reading?.abort();
    for (const end of this.#ends) end();
    this.#state.close();
  }

  #newTally(): DayTally {
    return new DayTally(dayRange(this.#parts.zone, this.#parts.day));
  }

  #hear(records: readonly CapsRecord[]): void {
    for (const orderID of this.#tally.addRecords(records)) void this.#ask(orderID);
    this.#state.touch();
  }

  /** An order that lost its window, so that the day on which it was placed counts. */
  async #ask(orderID: string): Promise<void> {
    const tally = this.#tally;
    try {
      const { parcel } = await this.#hub.fetchOrder({ store: this.#parts.store, orderID });
      tally.addViews([parcel]);
      this.#state.touch();
    } catch {
      // The hub is away: whatever came meanwhile is read again.
      if (tally === this.#tally) void this.load();
    }
  }

  #become(kind: DayState['kind'], problem?: string): void {
    this.#kind = kind;
    this.#problem = problem;
    this.#state.touch();
    this.#throttle.hurry();
  }

  #take(): DayState {
    return {
      ...this.#tally.summary(hubClock.now()),
      ...{ kind: this.#kind, problem: this.#problem, damaged: this.#damaged },
    };
  }
}
