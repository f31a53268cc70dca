/** Access keys in the SQLite file. Each statement is its own transaction, synced when it returns. */

import type { DatabaseSync } from 'node:sqlite';
import type { Damages } from '../rows/damage.ts';
import { type KeyRow, keyOf, keySum } from '../rows/rows.ts';
import type { Keys, StoredKey } from '../store.ts';
import { keyStatements } from './statements.ts';

type CheckedRow = KeyRow & { readonly crc: number | null };

export class SqliteKeys implements Keys {
  readonly #sql: ReturnType<typeof keyStatements>;
  readonly #damage: Damages;

  constructor(db: DatabaseSync, damage: Damages) {
    this.#sql = keyStatements(db);
    this.#damage = damage;
  }

  async add({ id, hash, role, owner, name, hint, createdAt }: StoredKey): Promise<void> {
    const crc = keySum({ id, hash, role, owner, name, hint, created_at: createdAt, revoked_at: null });
    this.#sql.add.run(id, hash, role, owner, name, hint, createdAt, crc);
  }

  async list(): Promise<readonly StoredKey[]> {
    return (this.#sql.list.all() as unknown as CheckedRow[]).flatMap((row) => this.#sound(row) ?? []);
  }

  async find(hash: Uint8Array): Promise<StoredKey | undefined> {
    const row = this.#sql.find.get(hash) as unknown as CheckedRow | undefined;
    return row && this.#sound(row);
  }

  async revoke(id: string, time: string): Promise<boolean> {
    const row = this.#sql.byId.get(id) as unknown as CheckedRow | undefined;
    if (!row) return false;
    // Its owner is unknown. It must open nothing, even after a repair by hand.
    if (!this.#sound(row)) this.#sql.drop.run(id);
    else if (row.revoked_at === null) {
      this.#sql.revoke.run(time, keySum({ ...row, revoked_at: time }), id);
    }
    return true;
  }

  async revokedAmong(ids: readonly string[]): Promise<readonly string[]> {
    return ids.filter((id) => {
      const row = this.#sql.byId.get(id) as unknown as CheckedRow | undefined;
      return row !== undefined && row.revoked_at !== null;
    });
  }

  async forget(id: string): Promise<void> {
    this.#sql.forget.run(id);
  }

  /** A damaged key opens nothing. */
  #sound(row: CheckedRow): StoredKey | undefined {
    if (keySum(row) === row.crc) return keyOf(row);
    this.#damage.found(`the access key ${row.id}`);
    return undefined;
  }
}

export interface RestoredKeys {
  /** Keys that work again as when the backup was made. */
  readonly valid: readonly StoredKey[];
  /** Keys that the replaced log did not know, or had revoked. */
  readonly revoked: readonly StoredKey[];
}

/** Valid keys, and the epoch of the log that says so. */
export interface ValidKeys {
  readonly log: string;
  readonly keys: readonly StoredKey[];
}

export function validKeys(db: DatabaseSync): ValidKeys {
  const { secret } = db.prepare(`SELECT hex(value) AS secret FROM meta WHERE name = 'secret'`).get() as {
    secret: string;
  };
  const hasKeys = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'keys'`).get();
  const rows = hasKeys
    ? db.prepare('SELECT * FROM keys WHERE revoked_at IS NULL ORDER BY created_at').all()
    : [];
  return { log: secret, keys: (rows as unknown as KeyRow[]).map(keyOf) };
}

/** Revokes keys that an earlier state of the same log did not accept any more. @returns those */
export function keepRevoked(db: DatabaseSync, before: ValidKeys | undefined): readonly StoredKey[] {
  const { log, keys } = validKeys(db);
  if (before?.log !== log) return [];
  const known = new Set(before.keys.map(({ id }) => id));
  const gone = keys.filter(({ id }) => !known.has(id));
  const time = new Date().toISOString();
  for (const { id } of gone) {
    const row = db.prepare('SELECT * FROM keys WHERE id = ?').get(id) as unknown as Partial<CheckedRow> &
      KeyRow;
    db.prepare('UPDATE keys SET revoked_at = ? WHERE id = ?').run(time, id);
    if (!('crc' in row)) continue;
    db.prepare('UPDATE keys SET crc = ? WHERE id = ?').run(keySum({ ...row, revoked_at: time }), id);
  }
  return gone;
}
