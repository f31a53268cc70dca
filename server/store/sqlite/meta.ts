/** Metadata of the log in the SQLite file. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { metaSum } from '../rows/rows.ts';
import type { SetBack } from '../store.ts';

const setBacksName = 'set-backs';

export class SqliteMeta {
  readonly #get: StatementSync;
  readonly #put: StatementSync;

  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT value, crc FROM meta WHERE name = ?');
    this.#put = db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?, ?)');
  }

  /** @throws Error if it is missing or damaged */
  value(name: 'epoch' | 'secret'): Uint8Array {
    const value = this.#found(name);
    if (!value) throw new Error(`its ${name} is missing or damaged`);
    return value;
  }

  /** Undefined if damaged. */
  setBacks(): SetBack[] | undefined {
    const list = this.#found(setBacksName);
    if (list) return JSON.parse(Buffer.from(list).toString()) as SetBack[];
    return list === undefined ? [] : undefined;
  }

  putSetBacks(list: readonly SetBack[]): void {
    const value = Buffer.from(JSON.stringify(list));
    this.#put.run(setBacksName, value, metaSum(setBacksName, value));
  }

  /** Undefined if missing, null if damaged. */
  #found(name: string): Uint8Array | undefined | null {
    const row = this.#get.get(name) as { value: Uint8Array; crc: number | null } | undefined;
    if (!row) return undefined;
    return metaSum(name, row.value) === row.crc ? row.value : null;
  }
}
