/** The SQL of the SQLite store. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ParcelQuery } from './store.ts';

const parcelColumns = 'SELECT first_seq, first_store_seq, last_seq, last_store_seq, state, log.text AS text';

export function statements(
  db: DatabaseSync,
): Record<
  | 'meta'
  | 'lastRow'
  | 'bySeq'
  | 'after'
  | 'before'
  | 'storeAfter'
  | 'storeBefore'
  | 'storeHead'
  | 'parcel'
  | 'command'
  | 'append'
  | 'remember'
  | 'addParcel'
  | 'updateParcel'
  | 'acknowledge'
  | 'probe'
  | 'put',
  StatementSync
> {
  return {
    meta: db.prepare('SELECT value FROM meta WHERE name = ?'),
    lastRow: db.prepare('SELECT * FROM log ORDER BY seq DESC LIMIT 1'),
    bySeq: db.prepare('SELECT * FROM log WHERE seq = ?'),
    after: db.prepare('SELECT * FROM log WHERE seq > ? ORDER BY seq LIMIT ?'),
    before: db.prepare('SELECT * FROM log WHERE seq < ? ORDER BY seq DESC LIMIT ?'),
    storeAfter: db.prepare('SELECT * FROM log WHERE store = ? AND store_seq > ? ORDER BY store_seq LIMIT ?'),
    storeBefore: db.prepare(
      'SELECT * FROM log WHERE store = ? AND store_seq < ? ORDER BY store_seq DESC LIMIT ?',
    ),
    storeHead: db.prepare('SELECT store_seq FROM log WHERE store = ? ORDER BY store_seq DESC LIMIT 1'),
    parcel: db.prepare(
      `${parcelColumns} FROM parcels JOIN log ON log.seq = first_seq WHERE parcels.store = ? AND parcels.order_id = ?`,
    ),
    command: db.prepare('SELECT seq FROM commands WHERE id = ? AND actor = ?'),
    append: db.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    remember: db.prepare('INSERT INTO commands VALUES (?, ?, ?)'),
    addParcel: db.prepare('INSERT INTO parcels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    updateParcel: db.prepare(
      'UPDATE parcels SET last_seq = ?, last_store_seq = ?, status = ?, holder = ?, finished = ?, state = ? WHERE first_seq = ?',
    ),
    acknowledge: db.prepare(
      'INSERT OR IGNORE INTO acknowledged SELECT first_seq FROM parcels WHERE store = ? AND order_id = ?',
    ),
    // Another value each time: SQLite does not write again what stands there already.
    probe: db.prepare(`INSERT OR REPLACE INTO meta VALUES ('probe', randomblob(8))`),
    put: db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)'),
  };
}

export function keyStatements(
  db: DatabaseSync,
): Record<'add' | 'list' | 'find' | 'revoke' | 'forget', StatementSync> {
  return {
    add: db.prepare('INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?, NULL)'),
    // Those that were issued in one millisecond, in the order in which they were.
    list: db.prepare('SELECT * FROM keys ORDER BY created_at DESC, rowid DESC'),
    find: db.prepare('SELECT * FROM keys WHERE hash = ?'),
    revoke: db.prepare('UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?'),
    forget: db.prepare('DELETE FROM keys WHERE id = ? AND revoked_at IS NOT NULL'),
  };
}

/** What a page's `next` counts: one store's list must not tell how much the others send. */
export function placeColumn({ store }: ParcelQuery): 'first_seq' | 'first_store_seq' {
  return store === undefined ? 'first_seq' : 'first_store_seq';
}

/** The rows of one page and one more, which tells whether there is more. */
export function parcelsQuery(query: ParcelQuery): { sql: string; values: (string | number)[] } {
  const { from, where, values } = conditions(query);
  const order = query.order === 'newest' ? 'DESC' : 'ASC';
  return {
    sql: `${parcelColumns} FROM ${from} JOIN log ON log.seq = first_seq ${where} ORDER BY first_seq ${order} LIMIT ?`,
    values: [...values, query.limit + 1],
  };
}

/** The part of a query that chooses rows. Values never become part of the SQL text. */
function conditions(query: ParcelQuery): { from: string; where: string; values: (string | number)[] } {
  const parts: string[] = [];
  const values: (string | number)[] = [];
  const add = (part: string, ...more: (string | number)[]) => {
    parts.push(part);
    values.push(...more);
  };
  if (query.store !== undefined) add('parcels.store = ?', query.store);
  if (query.holder !== undefined) add('holder = ?', query.holder);
  if (query.statuses) add(`status IN (${query.statuses.map(() => '?').join(', ')})`, ...query.statuses);
  const unfinished = query.unfinished === true || query.boardOf !== undefined;
  if (unfinished) add('finished = 0');
  if (query.unacknowledged) add('first_seq NOT IN (SELECT first_seq FROM acknowledged)');
  if (query.boardOf !== undefined) add(`(status = 'ready' OR holder = ?)`, query.boardOf);
  if (query.from !== undefined)
    add(`${placeColumn(query)} ${query.order === 'newest' ? '<' : '>'} ?`, Number(query.from));
  return {
    // Left to itself, SQLite would rather walk over all finished parcels than sort the few others.
    from: unfinished ? 'parcels INDEXED BY parcels_unfinished' : 'parcels',
    where: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '',
    values,
  };
}
