import type { Parcel } from '../../../protocol/parcel.ts';
import type { ParcelPage, ParcelQuery } from '../store.ts';
import type { ParcelRow } from './rows.ts';

/** What of a list goes into one answer, until it is full. */
export class OpenPage {
  readonly #query: ParcelQuery;
  readonly #sizeMax: number;
  readonly #parcels: Parcel[] = [];
  readonly #places: string[] = [];
  #size = 0;
  /** Among these, and behind the last of them. */
  #damaged = 0;
  #damagedBehind = 0;

  /** @param sizeMax of its rows, in bytes; it goes past it by the last of them */
  constructor(query: ParcelQuery, sizeMax: number) {
    this.#query = query;
    this.#sizeMax = sizeMax;
  }

  get isFull(): boolean {
    return this.#parcels.length === this.#query.limit || this.#size >= this.#sizeMax;
  }

  take(row: ParcelRow, found: Parcel | 'damaged'): void {
    if (found === 'damaged') {
      this.#damagedBehind += 1;
      return;
    }
    this.#parcels.push(found);
    this.#places.push(String(row[placeColumn(this.#query)]));
    this.#size += Buffer.byteLength(row.p_text ?? '') + Buffer.byteLength(row.state);
    this.#damaged += this.#damagedBehind;
    this.#damagedBehind = 0;
  }

  /** It goes on behind its last parcel. */
  upToLast(): ParcelPage {
    return this.#page(this.#damaged, this.#places.at(-1));
  }

  /** It goes on behind this place. Undefined: it does not. */
  upTo(next: string | undefined): ParcelPage {
    return this.#page(this.#damaged + this.#damagedBehind, next);
  }

  #page(damaged: number, next: string | undefined): ParcelPage {
    return {
      ...{ parcels: this.#parcels, places: this.#places, size: this.#size },
      ...(next === undefined ? {} : { next }),
      ...(damaged > 0 ? { damaged } : {}),
    };
  }
}

/** What a page's `next` counts. */
function placeColumn({ store }: ParcelQuery): 'first_seq' | 'first_store_seq' {
  return store === undefined ? 'first_seq' : 'first_store_seq';
}
