import { parcelName } from '../../../protocol/ids.ts';
import { dueOf } from '../../../protocol/lateness.ts';
import type { ParcelView } from '../../../protocol/messages.ts';
import { wantedFrom } from '../../app/due.ts';
import type { KnownParcel } from '../../app/parcels.ts';

/**
 * The parcels on offer, first due first. They are kept sorted, because a busy board changes thousands of times a second
 * and only its first rows are drawn.
 */
export class Offers {
  readonly #byKey = new Map<string, KnownParcel>();
  /** Keys of those with a time before which nobody wants them: few, so that they are not searched for. */
  readonly #timed = new Set<string>();
  /** What a shop says of its lead, in minutes. */
  readonly #leadOf: (store: string) => number | undefined;
  /** Keys in sorted order. */
  #sorted: string[] = [];

  constructor(leadOf: (store: string) => number | undefined = () => undefined) {
    this.#leadOf = leadOf;
  }

  get size(): number {
    return this.#sorted.length;
  }

  get(key: string): KnownParcel | undefined {
    return this.#byKey.get(key);
  }

  /** Adds or updates an offer. */
  set(known: KnownParcel): void {
    const key = parcelName(known.view.payload);
    const old = this.#byKey.get(key);
    if (old && placeText(old) !== placeText(known)) this.delete(key);
    const isNew = !this.#byKey.has(key);
    this.#byKey.set(key, known);
    if (known.view.payload.notBefore === undefined) this.#timed.delete(key);
    else this.#timed.add(key);
    if (isNew) this.#sorted.splice(this.#placeOf(known), 0, key);
  }

  /** @returns the deleted offer */
  delete(key: string): KnownParcel | undefined {
    const known = this.#byKey.get(key);
    if (known) {
      this.#sorted.splice(this.#placeOf(known), 1);
      this.#byKey.delete(key);
      if (known.view.payload.notBefore !== undefined) this.#timed.delete(key);
    }
    return known;
  }

  /** Drops all but the first ones. */
  keep(most: number): void {
    for (const key of this.#sorted.splice(most)) {
      this.#byKey.delete(key);
      this.#timed.delete(key);
    }
  }

  clear(): void {
    this.#byKey.clear();
    this.#timed.clear();
    this.#sorted = [];
  }

  /** @returns the first offers that pass, at most `most` */
  first(most: number, passes: (key: string, known: KnownParcel) => boolean = () => true): KnownParcel[] {
    const found: KnownParcel[] = [];
    for (const key of this.#sorted) {
      if (found.length >= most) break;
      const known = this.#byKey.get(key);
      if (known && passes(key, known)) found.push(known);
    }
    return found;
  }

  /** @returns the offers that are wanted later than at `now`, sorted */
  laterThan(now: number): KnownParcel[] {
    return Array.from(this.#timed, (key) => this.#byKey.get(key))
      .filter((known) => known !== undefined)
      .filter(({ view }) => this.wantedFrom(view) > now)
      .sort((a, b) => (placeText(a) < placeText(b) ? -1 : 1));
  }

  /** When an offer becomes one for now, by the lead of its shop. */
  wantedFrom(view: Pick<ParcelView, 'payload'>): number {
    const minutes = this.#leadOf(view.payload.store);
    return wantedFrom(view, minutes === undefined ? undefined : minutes * 60_000);
  }

  /** The stores whose lead matters: those of offers with a time. */
  timedStores(): ReadonlySet<string> {
    const stores = Array.from(this.#timed, (key) => this.#byKey.get(key)?.view.payload.store);
    return new Set(stores.filter((store) => store !== undefined));
  }

  /** @returns the index of an offer, or where to insert it */
  #placeOf(known: KnownParcel): number {
    const wanted = placeText(known);
    let from = 0;
    let to = this.#sorted.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const there = this.#byKey.get(this.#sorted[middle] ?? '');
      if (there && placeText(there) < wanted) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** A text that sorts offers: by due time, then by age, then by key. */
export function placeText({ view }: KnownParcel): string {
  const due = dueOf(view);
  // `~` sorts after every date.
  const by = Number.isFinite(due) ? new Date(due).toISOString() : '~';
  return `${by}\n${view.createdAt}\n${parcelName(view.payload)}`;
}
