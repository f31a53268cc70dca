import type { FeedRange } from '../../client/places.ts';
import type { ParcelId } from '../../protocol/orders.ts';
import type { ParcelLife } from '../../protocol/rest.ts';
import { FrameStore, type Readable } from '../app/frame-store.ts';
import { logWords } from '../words/log.ts';
import { readParcel } from './history.ts';

export interface WatchedParcel {
  readonly key: ParcelId;
  /** Undefined until it is loaded. */
  readonly life?: ParcelLife | undefined;
  /** Why it could not be read, for a person. */
  readonly trouble?: string | undefined;
}

/** Debounces reads: a parcel's records often arrive in bursts. */
const againMs = 150;

/** The parcel in the panel. It stays up to date even while the log is frozen. */
export class ParcelWatch {
  readonly #state: FrameStore<WatchedParcel | undefined>;
  #watched: WatchedParcel | undefined;
  #reading: AbortController | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#state = new FrameStore(() => this.#watched);
  }

  get state(): Readable<WatchedParcel | undefined> {
    return this.#state;
  }

  show(key: ParcelId): void {
    if (!this.#isOf(key)) this.#become({ key });
    this.#read();
  }

  hide(): void {
    this.#stop();
    this.#become(undefined);
  }

  /** Reads the parcel again if one of these live records is its own. */
  eventsCame({ records }: FeedRange): void {
    if (this.#again || !records.some(({ payload }) => this.#isOf(payload))) return;
    this.#again = setTimeout(() => this.#read(), againMs);
  }

  /** Safe to call twice. */
  close(): void {
    this.#stop();
    this.#state.close();
  }

  #read(): void {
    this.#stop();
    const watched = this.#watched;
    if (!watched) return;
    const { key } = watched;
    const reading = new AbortController();
    this.#reading = reading;
    readParcel(key, reading.signal).then(
      (life) => {
        if (!reading.signal.aborted) this.#become({ key, life });
      },
      (error: unknown) => {
        if (!reading.signal.aborted) this.#become({ ...watched, trouble: messageOf(error) });
      },
    );
  }

  #stop(): void {
    this.#reading?.abort();
    clearTimeout(this.#again);
    this.#again = undefined;
  }

  #become(watched: WatchedParcel | undefined): void {
    this.#watched = watched;
    this.#state.touch();
  }

  #isOf({ store, orderID }: ParcelId): boolean {
    return this.#watched?.key.store === store && this.#watched.key.orderID === orderID;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : logWords().found.wentWrong;
}
