/**
 * Writes the rows of parcels. Each record changes one, so nothing here makes a list or an object that the row does not
 * need.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isFinished } from '../../../protocol/events.ts';
import type { Parcel } from '../../../protocol/parcel.ts';
import { parcelRowOf } from '../rows/rows.ts';
import type { StoredParcel } from '../store.ts';

export interface WrittenParcel extends StoredParcel {
  /** As on disk; undefined if new. */
  readonly before: Parcel | undefined;
  /** Of its latest record, in characters. */
  readonly size: number;
}

export class ParcelRows {
  readonly #db: DatabaseSync;
  readonly #add: StatementSync;
  /**
   * By the indexed columns that change: SQLite rewrites an index entry whenever an update names its column, even
   * unchanged.
   */
  readonly #updates = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#add = db.prepare('INSERT INTO parcels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  }

  write(written: WrittenParcel): void {
    const { before } = written;
    const row = parcelRowOf(written);
    const { first_seq, first_store_seq, last_seq, last_store_seq, store, order_id } = row;
    const { status, holder, finished, state, crc } = row;
    if (!before) {
      const places = [first_seq, first_store_seq, last_seq, last_store_seq];
      this.#add.run(...places, store, order_id, status, holder, finished, state, crc);
      return;
    }
    const values: (string | number | null)[] = [last_seq, last_store_seq, state, crc];
    let changed = '';
    if (status !== before.status) {
      changed += ', status = ?';
      values.push(status);
    }
    if (holder !== (before.holder?.id ?? null)) {
      changed += ', holder = ?';
      values.push(holder);
    }
    if (finished !== (isFinished(before.status) ? 1 : 0)) {
      changed += ', finished = ?';
      values.push(finished);
    }
    values.push(first_seq);
    this.#update(changed).run(...values);
  }

  #update(changed: string): StatementSync {
    const known = this.#updates.get(changed);
    if (known) return known;
    const update = this.#db.prepare(
      `UPDATE parcels SET last_seq = ?, last_store_seq = ?, state = ?, crc = ?${changed} WHERE first_seq = ?`,
    );
    this.#updates.set(changed, update);
    return update;
  }
}
