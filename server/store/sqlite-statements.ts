/** The SQL of the SQLite store. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Status, statuses } from '../../protocol/messages.ts';
import { isFinished } from '../../protocol/parcel.ts';
import type { ParcelQuery } from './store.ts';

/**
 * A parcel, and of the log's row of its pickup what does not stand in the parcel's own: also where that row is not there
 * any more, so that it is missed.
 */
const parcelColumns = `SELECT parcels.*, log.board AS p_board, log.drivers AS p_drivers, log.text AS p_text,
  log.crc AS p_crc`;

export function statements(
  db: DatabaseSync,
): Record<
  | 'lastRows'
  | 'bySeq'
  | 'step'
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
  | 'readyCount'
  | 'nextHolder'
  | 'acknowledge'
  | 'probe',
  StatementSync
> {
  return {
    lastRows: db.prepare('SELECT * FROM log ORDER BY seq DESC'),
    bySeq: db.prepare('SELECT * FROM log WHERE seq = ?'),
    step: db.prepare('SELECT rev, previous FROM log WHERE seq = ?'),
    after: db.prepare('SELECT * FROM log WHERE seq > ? ORDER BY seq LIMIT ?'),
    before: db.prepare('SELECT * FROM log WHERE seq < ? ORDER BY seq DESC LIMIT ?'),
    storeAfter: db.prepare('SELECT * FROM log WHERE store = ? AND store_seq > ? ORDER BY store_seq LIMIT ?'),
    storeBefore: db.prepare(
      'SELECT * FROM log WHERE store = ? AND store_seq < ? ORDER BY store_seq DESC LIMIT ?',
    ),
    storeHead: db.prepare('SELECT * FROM log WHERE store = ? ORDER BY store_seq DESC LIMIT 2'),
    parcel: db.prepare(
      `${parcelColumns} FROM parcels LEFT JOIN log ON log.seq = first_seq WHERE parcels.store = ? AND parcels.order_id = ?`,
    ),
    command: db.prepare('SELECT seq, crc FROM commands WHERE id = ? AND actor = ?'),
    append: db.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    remember: db.prepare('INSERT INTO commands VALUES (?, ?, ?, ?)'),
    addParcel: db.prepare('INSERT INTO parcels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    readyCount: db.prepare(
      `SELECT count(*) AS count FROM parcels INDEXED BY parcels_by_status WHERE status = 'ready' AND status <> 'delivered'`,
    ),
    nextHolder: db.prepare(
      `SELECT holder FROM parcels INDEXED BY parcels_in_hand
       WHERE holder > ? AND finished = 0 ORDER BY holder LIMIT 1`,
    ),
    acknowledge: db.prepare('INSERT OR IGNORE INTO acknowledged VALUES (?, ?)'),
    // Another value each time: SQLite does not write again what stands there already.
    probe: db.prepare(`INSERT OR REPLACE INTO meta VALUES ('probe', randomblob(?), NULL)`),
  };
}

export function keyStatements(
  db: DatabaseSync,
): Record<'add' | 'list' | 'find' | 'byId' | 'revoke' | 'forget' | 'drop', StatementSync> {
  return {
    add: db.prepare('INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?)'),
    // Those that were issued in one millisecond, in the order in which they were.
    list: db.prepare('SELECT * FROM keys ORDER BY created_at DESC, rowid DESC'),
    find: db.prepare('SELECT * FROM keys WHERE hash = ?'),
    byId: db.prepare('SELECT * FROM keys WHERE id = ?'),
    revoke: db.prepare('UPDATE keys SET revoked_at = ?, crc = ? WHERE id = ?'),
    forget: db.prepare('DELETE FROM keys WHERE id = ? AND revoked_at IS NOT NULL'),
    drop: db.prepare('DELETE FROM keys WHERE id = ?'),
  };
}

/** What a page's `next` counts: one store's list must not tell how much the others send. */
export function placeColumn({ store }: ParcelQuery): 'first_seq' | 'first_store_seq' {
  return store === undefined ? 'first_seq' : 'first_store_seq';
}

/** Columns of a parcel that indexes are made of. */
export const indexedColumns = ['status', 'holder', 'finished'] as const;

/**
 * Updates of a parcel, by the columns that they change: SQLite takes an entry out of an index and puts it in again
 * wherever an update names a column of it, though it stays the same.
 */
export function parcelUpdates(
  db: DatabaseSync,
): (changed: readonly (typeof indexedColumns)[number][]) => StatementSync {
  const prepared = new Map<string, StatementSync>();
  return (changed) => {
    const key = changed.join();
    const known = prepared.get(key);
    if (known) return known;
    const more = changed.map((column) => `, ${column} = ?`).join('');
    const update = db.prepare(
      `UPDATE parcels SET last_seq = ?, last_store_seq = ?, state = ?, crc = ?${more} WHERE first_seq = ?`,
    );
    prepared.set(key, update);
    return update;
  };
}

/**
 * The rows of one page and one more, which tells whether there is more. Where no index has the order of the whole, those
 * of several that have it each are merged: `UNION ALL` with an order goes through them side by side, and no further than
 * the page.
 */
export function parcelsQuery(query: ParcelQuery): { sql: string; values: (string | number)[] } {
  const arms = armsOf(query);
  const order = query.order === 'newest' ? 'DESC' : 'ASC';
  const selects = arms.map(({ index, parts }) => {
    const from = index === undefined ? 'parcels' : `parcels INDEXED BY ${index}`;
    const where = parts.length > 0 ? `WHERE ${parts.map(({ sql }) => sql).join(' AND ')}` : '';
    return `${parcelColumns} FROM ${from} LEFT JOIN log ON log.seq = first_seq ${where}`;
  });
  return {
    sql: `${selects.join(' UNION ALL ')} ORDER BY first_seq ${order} LIMIT ?`,
    values: [...arms.flatMap(({ parts }) => parts.flatMap(({ values }) => values)), query.limit + 1],
  };
}

/** A condition. Values never become part of the SQL text. */
interface Part {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Rows that one index has in the order of the page. */
interface Arm {
  readonly index?: string;
  readonly parts: readonly Part[];
}

const part = (sql: string, ...values: (string | number)[]): Part => ({ sql, values });

function armsOf(query: ParcelQuery): readonly Arm[] {
  const { store, holder, boardOf } = query;
  const isOpen = query.unfinished === true || boardOf !== undefined;
  const wanted = (query.statuses ?? statuses).filter((status) => !isOpen || !isFinished(status));
  const rest = restOf(query);
  const ofStatus = (status: Status): Arm => ({
    index: 'parcels_by_status',
    // The index is taken where its own condition is said again.
    parts: [part(`status = ? AND status <> 'delivered'`, status), ...rest],
  });
  const inHand = (of: string, status: Status): Arm => ({
    index: 'parcels_in_hand',
    parts: [part('holder = ? AND status = ? AND finished = 0', of, status), ...rest],
  });
  const inStatuses = part(`status IN (${wanted.map(() => '?').join(', ')})`, ...wanted);
  const narrowed = query.statuses ? [inStatuses, ...rest] : rest;

  if (wanted.length === 0) return [{ parts: [part('0')] }];
  if (store !== undefined) {
    const onBoard = boardOf === undefined ? [] : [part(`(status = 'ready' OR holder = ?)`, boardOf)];
    const parts = [part('parcels.store = ?', store), ...onBoard, ...narrowed];
    return isOpen ? [{ index: 'parcels_unfinished', parts: [part('finished = 0'), ...parts] }] : [{ parts }];
  }
  if (boardOf !== undefined) {
    return wanted.map((status) => (status === 'ready' ? ofStatus(status) : inHand(boardOf, status)));
  }
  if (holder !== undefined) {
    if (!wanted.some(isFinished)) return wanted.map((status) => inHand(holder, status));
    return [{ index: 'parcels_by_holder', parts: narrowed }];
  }
  return wanted.includes('delivered') ? [{ parts: narrowed }] : wanted.map(ofStatus);
}

/** What holds in every arm, and where its page begins. */
function restOf(query: ParcelQuery): Part[] {
  const { store, holder, from, order } = query;
  const parts: Part[] = [];
  if (holder !== undefined) parts.push(part('holder = ?', holder));
  if (query.unacknowledged) parts.push(part('first_seq NOT IN (SELECT first_seq FROM acknowledged)'));
  if (from === undefined) return parts;
  const place = Number(from);
  const isOpen = query.unfinished === true || query.boardOf !== undefined;
  const side = order === 'newest' ? '<' : '>';
  if (store !== undefined && isOpen) parts.push(part(placeInStore[order], store, place));
  else parts.push(part(`${placeColumn(query)} ${side} ?`, place));
  return parts;
}

/** The index of a store's open parcels goes by the seq of the log; which that is, the log's own index of the store knows. */
const placeInStore = {
  oldest: `first_seq > coalesce(
    (SELECT seq FROM log WHERE store = ? AND store_seq <= ? ORDER BY store_seq DESC LIMIT 1), 0)`,
  newest: `first_seq < coalesce(
    (SELECT seq FROM log WHERE store = ? AND store_seq >= ? ORDER BY store_seq LIMIT 1), 9007199254740991)`,
} as const;
