import type { Parcel } from '../../../protocol/parcel.ts';
import type { ParcelPage, ParcelQuery } from '../store.ts';
import type { ParcelRow } from './rows.ts';

/** A page of a list while it is being filled. */
export class OpenPage {
  readonly #query: ParcelQuery;
  readonly #sizeMax: number;
  readonly #parcels: Parcel[] = [];
  readonly #places: string[] = [];
  #size = 0;
  /** Damaged parcels within the page and after its last parcel. */
  #damaged = 0;
  #damagedBehind = 0;

  /** @param sizeMax in bytes; the last row may exceed it */
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

  /** Closes the page; it continues after its last parcel. */
  upToLast(): ParcelPage {
    return this.#page(this.#damaged, this.#places.at(-1));
  }

  /** Closes the page; it continues after this place, or ends if undefined. */
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

/** The column that `next` refers to. */
function placeColumn({ store }: ParcelQuery): 'first_seq' | 'first_store_seq' {
  return store === undefined ? 'first_seq' : 'first_store_seq';
}
