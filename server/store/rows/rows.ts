/**
 * Rows of the SQLite file. SQLite's pages have no checksum, so each row has its own, which is made and verified only
 * here. A row with a wrong checksum is damaged, and nothing in it is trusted.
 */

import { crc32 } from 'node:zlib';
import { amendedOrder, spellingsFrom } from '../../../protocol/amendment.ts';
import { isFinished, type Status } from '../../../protocol/events.ts';
import type { Amendment } from '../../../protocol/orders.ts';
import { ownTimeOf } from '../../../protocol/own-time.ts';
import type { Parcel } from '../../../protocol/parcel.ts';
import { type Board, Row, storedRecord } from '../row.ts';
import type { Head, StoredKey, StoredParcel } from '../store.ts';

export interface LogRow {
  seq: number;
  store: string;
  store_seq: number;
  order_id: string;
  rev: number;
  previous: number;
  board: Board;
  drivers: string;
  text: string;
  crc: number | null;
}

/** All columns of `parcels`. */
export interface ParcelColumns {
  first_seq: number;
  first_store_seq: number;
  last_seq: number;
  last_store_seq: number;
  store: string;
  order_id: string;
  status: Status;
  holder: string | null;
  finished: number;
  state: string;
}

/** With the columns of its pickup's log row, all null if that is missing. */
export interface ParcelRow extends ParcelColumns {
  crc: number | null;
  p_board: Board;
  p_drivers: string;
  p_text: string | null;
  p_crc: number | null;
}

/** A row that passed its checksum. */
export type SoundParcelRow = ParcelRow & { readonly p_text: string };

export interface KeyRow {
  id: string;
  hash: Uint8Array;
  role: StoredKey['role'];
  owner: string;
  name: string;
  hint: string;
  created_at: string;
  revoked_at: string | null;
}

/** Ids, names and JSON contain no line break. */
export function sumOf(...fields: readonly (string | number | null)[]): number {
  return crc32(fields.join('\n'));
}

/** Covers all columns but the checksum: those that are served, and those that lead to other rows. */
export function logSum(row: Omit<LogRow, 'crc'>): number {
  const { seq, store, store_seq, order_id, rev, previous, board, drivers, text } = row;
  // Every record takes this path, and joining a list takes twice as long.
  return crc32(
    `${seq}\n${store}\n${store_seq}\n${order_id}\n${rev}\n${previous}\n${board}\n${drivers}\n${text}`,
  );
}

export function parcelSum(row: ParcelColumns): number {
  const { first_seq, first_store_seq, last_seq, last_store_seq, store, order_id } = row;
  const { status, holder, finished, state } = row;
  const places = `${first_seq}\n${first_store_seq}\n${last_seq}\n${last_store_seq}`;
  return crc32(`${places}\n${store}\n${order_id}\n${status}\n${holder ?? ''}\n${finished}\n${state}`);
}

export function parcelRowOf({ parcel, first, last }: StoredParcel): ParcelColumns & { crc: number } {
  const { payload, status, rev, attempts, holder, drivers, createdAt, changedAt, latest, before } = parcel;
  const { placed, unseen, urgent, proofs, pinTries, handovers, fieldRevs } = parcel;
  // The pickup's log row has the order as it was placed.
  const changes = placed && spellingsFrom(placed, payload);
  // The rest of the parcel, in the order of `apply`. Without a copy of the whole: every record takes this path.
  const life = { status, rev, attempts, holder, drivers, createdAt, changedAt, latest, before, handovers };
  const more = unseen || urgent || changes || proofs || pinTries || fieldRevs;
  const state = more ? { ...life, unseen, urgent, changes, proofs, pinTries, fieldRevs } : life;
  const row = {
    first_seq: first.seq,
    first_store_seq: first.storeSeq,
    last_seq: last.seq,
    last_store_seq: last.storeSeq,
    store: payload.store,
    order_id: payload.orderID,
    status,
    holder: holder?.id ?? null,
    finished: isFinished(status) ? 1 : 0,
    state: JSON.stringify(state),
    crc: 0,
  };
  row.crc = parcelSum(row);
  return row;
}

export function keySum({ id, hash, role, owner, name, hint, created_at, revoked_at }: KeyRow): number {
  return sumOf(id, Buffer.from(hash).toString('hex'), role, owner, name, hint, created_at, revoked_at);
}

export function keyOf({ id, hash, role, owner, name, hint, created_at, revoked_at }: KeyRow): StoredKey {
  const key = { id, hash, role, owner, name, hint, createdAt: created_at };
  return revoked_at === null ? key : { ...key, revokedAt: revoked_at };
}

export function metaSum(name: string, value: Uint8Array): number {
  return crc32(value, crc32(name));
}

/** By seq: health checks show it, and must reveal no store's name. */
export function anonymousName({ first_seq }: Pick<ParcelRow, 'first_seq'>): string {
  return `the parcel of record ${first_seq}`;
}

/** Undefined if damaged. */
export function soundRow(row: LogRow): Row | undefined {
  return isSound(row) ? toRow(row) : undefined;
}

export function isSound(row: LogRow): boolean {
  return logSum(row) === row.crc;
}

/** Undefined if the row or its pickup is damaged. */
export function soundParcel(row: ParcelRow): StoredParcel | undefined {
  return isSoundParcel(row) ? toParcel(row) : undefined;
}

/** Whether neither the row nor its pickup is damaged. */
export function isSoundParcel(row: ParcelRow): row is SoundParcelRow {
  const { first_seq, first_store_seq, store, order_id, p_text: text } = row;
  if (text === null || parcelSum(row) !== row.crc) return false;
  const pickup = {
    ...{ seq: first_seq, store, store_seq: first_store_seq, order_id },
    ...{ rev: 1, previous: 0, board: row.p_board, drivers: row.p_drivers, text },
  };
  return logSum(pickup) === row.p_crc;
}

export function toParcel({ p_text: text, state, ...row }: SoundParcelRow): StoredParcel {
  const { payload } = storedRecord(text);
  const { changes, ...rest } = JSON.parse(state) as Omit<Parcel, 'payload'> & { changes?: Amendment };
  const order = changes ? { payload: amendedOrder(payload, changes), placed: payload } : { payload };
  return {
    parcel: { ...order, ...rest },
    first: { seq: row.first_seq, storeSeq: row.first_store_seq },
    last: { seq: row.last_seq, storeSeq: row.last_store_seq },
  };
}

/**
 * The log's end, and the times of its last sound record: later ones are no earlier.
 * @param rows the log from its end backwards
 * @throws Error if the end cannot be determined
 */
export function endOf(rows: Iterable<LogRow>): { head: Head; ownMs: number } {
  let last = 0;
  let seq = 0;
  for (const row of rows) {
    // A leap means a damaged seq; the next record would continue from it.
    if (seq > 0 && row.seq !== seq - 1) throw new Error(`record ${seq} does not follow ${row.seq}`);
    seq = row.seq;
    last = Math.max(last, seq);
    const sound = soundRow(row);
    if (!sound) continue;
    const { record } = sound;
    return { head: { seq: last, time: record.time }, ownMs: ownTimeOf(record) };
  }
  if (last > 0) throw new Error('none of its records is as it was written');
  return { head: { seq: 0, time: '' }, ownMs: 0 };
}

function toRow(row: LogRow): Row {
  return new Row({
    seq: row.seq,
    storeSeq: row.store_seq,
    store: row.store,
    orderID: row.order_id,
    rev: row.rev,
    board: row.board,
    drivers: row.drivers === '[]' ? [] : (JSON.parse(row.drivers) as string[]),
    text: row.text,
  });
}
