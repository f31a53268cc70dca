/** What a feed says of rows of the log, put together from the text that is stored. */

import type { Events } from '../../protocol/messages.ts';
import { seqIn } from '../access/access.ts';
import { type FeedKey, rooms } from '../access/rooms.ts';
import type { Row } from '../store/row.ts';

/** The rooms whose feeds show this record. */
export function roomsOf({ store, orderID, board, drivers }: Row): string[] {
  const named: string[] = [rooms.log, rooms.store(store), rooms.parcel(store, orderID)];
  if (board !== 'same') named.push(rooms.board);
  for (const driver of drivers) named.push(rooms.own(driver));
  return named;
}

/** Whether the feed's reader sees every seq that it counts. */
export function isDense(key: FeedKey): boolean {
  return key.name === 'store' || key.name === 'parcel' || key.name === 'log';
}

/** A record is far smaller than that, and so is a character of it in bytes: a frame stays below 1 MiB. */
export const frameSizeMax = 256 * 1024;

/** The rows in stretches of at most so many characters, or of a single row; without rows, one without any. */
export function* stretchesOf(rows: readonly Row[], sizeMax = frameSizeMax): Generator<readonly Row[]> {
  let first = 0;
  let size = 0;
  for (const [i, { text }] of rows.entries()) {
    if (size > 0 && size + text.length > sizeMax) {
      yield rows.slice(first, i);
      first = i;
      size = 0;
    }
    size += text.length;
  }
  yield first === 0 ? rows : rows.slice(first);
}

/**
 * What a feed says of these rows, which are its own and ascending; undefined if that is nothing new.
 * @param head the log's seq up to which the rows are complete
 * @param ready how many parcels are on offer then, where that is known
 * @param damaged places of the feed whose records the disk has damaged
 */
export function frameOf(
  key: FeedKey,
  place: number,
  rows: readonly Row[],
  head: number,
  ready?: number,
  damaged: readonly number[] = [],
): { json: string; upTo: number } | undefined {
  const fresh = rows.filter((row) => seqIn(key.name, row) > place);
  const last = fresh.at(-1);
  const lost = damaged.filter((seq) => seq > place);
  const end = Math.max(last ? seqIn(key.name, last) : place, lost.at(-1) ?? place);
  const upTo = isDense(key) ? end : head;
  if (upTo <= place) return undefined;
  if (key.name !== 'board') return { json: eventsJson(key, place, upTo, fresh, [], undefined, lost), upTo };
  // Of each parcel only its last step counts: on offer, or gone.
  const latest = new Map(fresh.map((row) => [rooms.parcel(row.store, row.orderID), row]));
  const steps = [...latest.values()];
  const on = steps.filter((row) => row.board === 'on').sort((a, b) => a.seq - b.seq);
  const off = steps.filter((row) => row.board === 'off');
  return { json: eventsJson(key, place, upTo, on, off, ready, lost), upTo };
}

/** An `events` message, put together from the records' stored text. */
export function eventsJson(
  key: FeedKey,
  prev: number,
  upTo: number,
  on: readonly Row[],
  off: readonly Row[],
  ready?: number,
  damaged: readonly number[] = [],
): string {
  const records = on.map((row) => row.jsonAs(seqIn(key.name, row))).join(',');
  const gone = off.length === 0 ? '' : `,"gone":${JSON.stringify(off.map(goneOf))}`;
  const counted = key.name === 'board' && ready !== undefined ? `,"ready":${ready}` : '';
  const lost = damaged.length === 0 ? '' : `,"damaged":${JSON.stringify(damaged)}`;
  return `{"feed":"${key.name}","prev":${prev},"upTo":${upTo},"records":[${records}]${gone}${counted}${lost}}`;
}

function goneOf({ store, orderID, record: { by } }: Row): NonNullable<Events['gone']>[number] {
  return { store, orderID, by: by.name ?? by.id };
}
