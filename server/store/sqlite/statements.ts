/** The SQL of the SQLite store. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { parcelColumns } from './parcels.ts';

export function statements(
  db: DatabaseSync,
): Record<
  | 'lastRows'
  | keyof LogStatements
  | 'storeHead'
  | 'parcel'
  | 'command'
  | 'append'
  | 'remember'
  | 'readyCount'
  | 'nextHolder'
  | 'acknowledge'
  | 'probe',
  StatementSync
> {
  return {
    lastRows: db.prepare('SELECT * FROM log ORDER BY seq DESC'),
    ...logStatements(db),
    storeHead: db.prepare('SELECT * FROM log WHERE store = ? ORDER BY store_seq DESC LIMIT 2'),
    parcel: db.prepare(
      `${parcelColumns} FROM parcels LEFT JOIN log ON log.seq = first_seq WHERE parcels.store = ? AND parcels.order_id = ?`,
    ),
    command: db.prepare('SELECT seq, crc FROM commands WHERE id = ? AND actor = ?'),
    append: db.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    remember: db.prepare('INSERT INTO commands VALUES (?, ?, ?, ?)'),
    readyCount: db.prepare(
      `SELECT count(*) AS count FROM parcels INDEXED BY parcels_by_status WHERE status = 'ready' AND status <> 'delivered'`,
    ),
    nextHolder: db.prepare(
      `SELECT holder FROM parcels INDEXED BY parcels_in_hand
       WHERE holder > ? AND finished = 0 ORDER BY holder LIMIT 1`,
    ),
    acknowledge: db.prepare('INSERT OR IGNORE INTO acknowledged VALUES (?, ?)'),
    // A new value each time: SQLite does not write an unchanged row.
    probe: db.prepare(`INSERT OR REPLACE INTO meta VALUES ('probe', randomblob(?), NULL)`),
  };
}

export function keyStatements(
  db: DatabaseSync,
): Record<'add' | 'list' | 'find' | 'byId' | 'revoke' | 'forget' | 'drop', StatementSync> {
  return {
    add: db.prepare('INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)'),
    // Keys of the same millisecond stay in the order of their issue.
    list: db.prepare('SELECT * FROM keys ORDER BY created_at DESC, rowid DESC'),
    find: db.prepare('SELECT * FROM keys WHERE hash = ?'),
    byId: db.prepare('SELECT * FROM keys WHERE id = ?'),
    revoke: db.prepare('UPDATE keys SET revoked_at = ?, crc = ? WHERE id = ?'),
    forget: db.prepare('DELETE FROM keys WHERE id = ? AND revoked_at IS NOT NULL'),
    drop: db.prepare('DELETE FROM keys WHERE id = ?'),
  };
}

export type LogStatements = Record<
  'bySeq' | 'step' | 'after' | 'before' | 'storeAfter' | 'storeBefore',
  StatementSync
>;

export function logStatements(db: DatabaseSync): LogStatements {
  return {
    bySeq: db.prepare('SELECT * FROM log WHERE seq = ?'),
    step: db.prepare('SELECT rev, previous FROM log WHERE seq = ?'),
    after: db.prepare('SELECT * FROM log WHERE seq > ? ORDER BY seq LIMIT ?'),
    before: db.prepare('SELECT * FROM log WHERE seq < ? ORDER BY seq DESC LIMIT ?'),
    storeAfter: db.prepare('SELECT * FROM log WHERE store = ? AND store_seq > ? ORDER BY store_seq LIMIT ?'),
    storeBefore: db.prepare(
      'SELECT * FROM log WHERE store = ? AND store_seq < ? ORDER BY store_seq DESC LIMIT ?',
    ),
  };
}
