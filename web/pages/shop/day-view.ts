import type { Client } from '../../../client/client.ts';
import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { RenderThrottle } from '../../app/render-throttle.ts';
import { dayRange } from '../../app/zoned-day.ts';
import { countedEvents, type DaySummary, DayTally } from './day-tally.ts';
import { type PageReader, readRecords } from './fetch-records.ts';
import { offlineMs } from './order-facts.ts';

export interface DayState extends DaySummary {
  readonly kind: 'loading' | 'done' | 'failed';
  /** Why it could not be read, for a person. */
  readonly problem: string | undefined;
  /** Records of the day that the hub's disk has damaged, so that they count nowhere. */
  readonly damaged: number;
}

interface DayViewParts {
  readonly store: string;
  readonly zone: string;
  readonly day: string;
  readonly client: Pick<Client, 'on'>;
  /** For tests, in place of the hub. */
  readonly read?: PageReader;
}

/** Draws at most this often what comes by itself. */
const drawEveryMs = 500;

const counted = countedEvents.filter((event) => event !== 'corrected');

/**
 * One day of a shop. It is read from the hub, whatever the page has of it, and the feed keeps it up to date: a record that
 * comes both ways counts once.
 */
export class DayView {
  readonly #parts: DayViewParts;
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
    this.#tally = this.#newTally();
    this.#state = new FrameStore(() => this.#take(), this.#throttle.next);
    this.#ends = [
      parts.client.on('events', ({ records }) => this.#add(records)),
      // Another log: nothing of what was read is sure.
      parts.client.on('reset', () => void this.load()),
    ];
    void this.load();
  }

  get state(): Readable<DayState> {
    return this.#state;
  }

  /** Reads the day from the beginning. Never rejects. */
  async load(): Promise<void> {
    const { store, zone, day, read } = this.#parts;
    const { from, to } = dayRange(zone, day);
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#tally = this.#newTally();
    this.#become('loading');
    this.#damaged = 0;
    const take = (records: Parameters<DayTally['add']>[0], damaged: number) => {
      if (reading.signal.aborted) return;
      this.#damaged += damaged;
      this.#add(records);
    };
    const parts = { take, signal: reading.signal, ...(read ? { read } : {}) };
    try {
      await Promise.all([
        // A phone may have told later what happened on that day.
        readRecords(store, counted, { from, to: to + offlineMs }, parts),
        // Dispatch may take a step back at any time.
        readRecords(store, ['corrected'], { from }, parts),
      ]);
      if (!reading.signal.aborted) this.#become('done');
    } catch (error) {
      if (!reading.signal.aborted)
        this.#become('failed', error instanceof Error ? error.message : String(error));
      reading.abort();
    }
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

  #add(records: Parameters<DayTally['add']>[0]): void {
    this.#tally.add(records);
    this.#state.touch();
  }

  #become(kind: DayState['kind'], problem?: string): void {
    this.#kind = kind;
    this.#problem = problem;
    this.#state.touch();
    this.#throttle.hurry();
  }

  #take(): DayState {
    return {
      ...this.#tally.summary(),
      ...{ kind: this.#kind, problem: this.#problem, damaged: this.#damaged },
    };
  }
}
