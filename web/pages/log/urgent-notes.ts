import { pinsWrong, urgentAfter } from '../../../protocol/amendment.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { readEvents } from '../../dispatch/history.ts';

export interface ShownNote {
  readonly parcel: ParcelId;
  readonly rev: number;
  readonly by: string;
  readonly text: string;
  /** Too many wrong PINs, beside a note if `text` has one. */
  readonly about?: 'pin' | undefined;
}

/** Parcels whose notes are remembered; the oldest go first. */
const parcelsMax = 1_000;
/** Notes that are looked through for urgent ones. */
const readMax = 500;

/** Drivers' urgent notes until dispatch has seen them. Records may come in any order: history arrives after live ones. */
export class UrgentNotes {
  readonly #readEvents: typeof readEvents;
  readonly #state: FrameStore<readonly ShownNote[]>;
  /** By parcel: the latest note of a driver and the latest of the hub, about PINs. */
  readonly #notes = new Map<string, readonly ShownNote[]>();
  /** The latest rev that was seen, by parcel. */
  readonly #seen = new Map<string, number>();

  /** Set while history is read, and afterwards. */
  #reading: AbortController | undefined;

  constructor(read = readEvents) {
    this.#readEvents = read;
    this.#state = new FrameStore(() => this.#unseen());
  }

  /** Newest last. */
  get state(): Readable<readonly ShownNote[]> {
    return this.#state;
  }

  add(records: readonly CapsRecord[]): void {
    for (const record of records) {
      const { event, rev, payload, details, by } = record;
      const { store, orderID } = payload;
      const key = JSON.stringify([store, orderID]);
      const note = urgentAfter(undefined, record);
      if (note) {
        const { text, about } = note;
        const known = this.#notes.get(key) ?? [];
        if (known.some((one) => one.about === about && one.rev > rev)) continue;
        const others = known.filter((one) => one.about !== about);
        put(this.#notes, key, [...others, { parcel: { store, orderID }, rev, by: note.by, text, about }]);
      } else if (event === 'seen' && by.role === 'admin') {
        put(this.#seen, key, Math.max(this.#seen.get(key) ?? 0, Number(details?.['rev'])));
      } else continue;
      this.#state.touch();
    }
  }

  /** Another log has begun. */
  restart(): void {
    this.#reading?.abort();
    this.#reading = undefined;
    this.#notes.clear();
    this.#seen.clear();
    this.#state.touch();
  }

  /** Reads urgent notes from before the page was opened, once: those among the newest notes. Never rejects. */
  async read(): Promise<void> {
    if (this.#reading) return;
    const reading = new AbortController();
    this.#reading = reading;
    try {
      for (const q of ['event:note', 'event:proof wrong', 'event:seen']) {
        const { items } = await this.#readEvents({ q, limit: readMax }, reading.signal);
        if (reading.signal.aborted) return;
        this.add(items);
      }
    } catch {
      // The next connection tries again.
      if (!reading.signal.aborted) this.#reading = undefined;
    }
  }

  /** Safe to call twice. */
  close(): void {
    this.#reading?.abort();
    this.#state.close();
  }

  #unseen(): readonly ShownNote[] {
    return [...this.#notes].flatMap(([key, notes]) => {
      const unseen = notes
        .filter(({ rev }) => rev > (this.#seen.get(key) ?? 0))
        .sort((a, b) => b.rev - a.rev);
      const [newest] = unseen;
      if (!newest) return [];
      const about = unseen.find((one) => one.about)?.about;
      return [{ ...newest, about, text: unseen.find((one) => !one.about)?.text ?? pinsWrong }];
    });
  }
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > parcelsMax && oldest !== undefined) map.delete(oldest);
}
