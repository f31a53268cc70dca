import { parcelName } from '../../../protocol/ids.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import { hubClock } from '../../app/hub-clock.ts';
import type { HeldRow, ShiftSummary } from './session-state.ts';

/** What a driver did with a parcel last. */
type Outcome = 'delivered' | 'failed' | 'returned';

/** As the page saves it. */
export interface SavedTally {
  readonly since: number;
  readonly done: readonly (readonly [key: string, outcome: Outcome])[];
}

/** Parcels that are remembered: more than anybody carries in a shift. */
const doneMax = 2_000;
/** Whoever never goes off duty starts anew after this time. */
const shiftMaxMs = 24 * 3_600_000;

/** Counts what a driver did since they went on duty, each parcel by its last outcome. */
export class ShiftTally {
  readonly #driver: string;
  #since = hubClock.now();
  readonly #done = new Map<string, Outcome>();

  constructor(driver: string) {
    this.#driver = driver;
  }

  /** A new shift begins. */
  begin(): void {
    this.#since = hubClock.now();
    this.#done.clear();
  }

  /** Counts a record of this driver, however often it comes. */
  add({ event, payload, by, time, occurredAt = time }: CapsRecord): void {
    const key = parcelName(payload);
    const isMine = by.role === 'driver' && by.id === this.#driver;
    // Dispatch may correct what this driver did.
    if (!isMine && event !== 'corrected') return;
    if (Date.parse(occurredAt) < this.#since) return;
    const outcome = outcomeOf[event];
    if (outcome) this.#done.set(key, outcome);
    else if (event === 'corrected' || event === 'retried') this.#done.delete(key);
    const [oldest] = this.#done.keys();
    if (this.#done.size > doneMax && oldest !== undefined) this.#done.delete(oldest);
  }

  /** @param rows the parcels in hand, with the steps that the hub has not answered yet */
  summary(rows: readonly Pick<HeldRow, 'key' | 'pending'>[]): ShiftSummary {
    const done = new Map(this.#done);
    for (const { key, pending } of rows) {
      for (const { event } of pending) {
        const outcome = outcomeOf[event];
        if (outcome) done.set(key, outcome);
        else if (event === 'corrected' || event === 'retried') done.delete(key);
      }
    }
    const counts = { delivered: 0, failed: 0, returned: 0 };
    for (const outcome of done.values()) counts[outcome] += 1;
    return { since: this.#since, ...counts };
  }

  get saved(): SavedTally {
    return { since: this.#since, done: [...this.#done] };
  }

  restore({ since, done }: SavedTally): void {
    if (since < hubClock.now() - shiftMaxMs) return;
    this.#since = since;
    for (const [key, outcome] of done) this.#done.set(key, outcome);
  }
}

const outcomeOf: Readonly<Partial<Record<CapsRecord['event'], Outcome>>> = {
  delivered: 'delivered',
  'attempt-failed': 'failed',
  returned: 'returned',
};
