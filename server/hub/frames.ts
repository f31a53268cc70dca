/** Turns rows of the log into the frames of a feed. */

import type { Events } from '../../protocol/messages.ts';
import { seqIn } from '../access/access.ts';
import { type FeedId, rooms } from '../access/rooms.ts';
import type { Row } from '../store/row.ts';
import { customerRow } from './customer-rows.ts';
import { EventsMessage } from './message.ts';

/** Whether the feed shows every seq that it counts. */
export function isDense(key: FeedId): boolean {
  return key.name === 'store' || key.name === 'parcel' || key.name === 'log';
}

/** A frame stays below 1 MiB: a record is far smaller than this, and a character takes at most a few bytes. */
export const frameSizeMax = 256 * 1024;

/**
 * Splits rows into chunks of at most `sizeMax` characters, or of a single row. Yields one empty chunk for no rows.
 */
export function* chunksOf(rows: readonly Row[], sizeMax = frameSizeMax): Generator<readonly Row[]> {
  let first = 0;
  let size = 0;
  let next = 0;
  for (const { text } of rows) {
    const i = next;
    next += 1;
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
 * The frame for these rows, ascending and of this feed; undefined if it would say nothing new.
 * @param head the log's seq up to which the rows are complete
 * @param ready parcels on offer at `head`, if known
 * @param damaged places of the feed whose records the disk has damaged
 */
export function frameOf(
  key: FeedId,
  place: number,
  rows: readonly Row[],
  head: number,
  ready?: number,
  damaged: readonly number[] = [],
): EventsMessage | undefined {
  const fresh = rows.filter((row) => seqIn(key.name, row) > place);
  const last = fresh.at(-1);
  const lost = damaged.filter((seq) => seq > place);
  const end = Math.max(last ? seqIn(key.name, last) : place, lost.at(-1) ?? place);
  const upTo = isDense(key) ? end : head;
  if (upTo <= place) return undefined;
  const all = { feed: key.name, prev: place, upTo, damaged: lost };
  if (key.name === 'parcel') return new EventsMessage({ ...all, rows: fresh.map(customerRow), gone: [] });
  if (key.name !== 'board') return new EventsMessage({ ...all, rows: fresh, gone: [] });
  // Only a parcel's last step counts: on offer, or gone.
  const latest = new Map(fresh.map((row) => [rooms.parcel(row.store, row.orderID), row]));
  const steps = [...latest.values()];
  const offered = steps
    .filter(({ board }) => board === 'on' || board === 'amended')
    .sort((a, b) => a.seq - b.seq);
  const gone = steps.filter((row) => row.board === 'off').map(goneOf);
  return new EventsMessage({ ...all, rows: offered, gone, ready });
}

function goneOf({ store, orderID, record: { by } }: Row): NonNullable<Events['gone']>[number] {
  return { store, orderID, by: by.name ?? by.id };
}
