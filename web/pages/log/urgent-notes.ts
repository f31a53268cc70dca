import { urgentAfter } from '../../../protocol/amendment.ts';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { readEvents } from '../../dispatch/history.ts';

export interface ShownNote {
  readonly parcel: ParcelId;
  readonly rev: number;
  readonly by: string;
  readonly text: string;
  /** Not a note: too many wrong PINs. */
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
  readonly #notes = new Map<string, ShownNote>();
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
        if ((this.#notes.get(key)?.rev ?? 0) > rev) continue;
        const { text, about } = note;
        put(this.#notes, key, { parcel: { store, orderID }, rev, by: note.by, text, about });
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
    return [...this.#notes]
      .filter(([key, { rev }]) => rev > (this.#seen.get(key) ?? 0))
      .map(([, note]) => note);
  }
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > parcelsMax && oldest !== undefined) map.delete(oldest);
}
