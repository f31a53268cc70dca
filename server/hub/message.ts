/**
 * Messages from the hub. Each is built once for all readers and carries the rows that it was made of, so that no door
 * parses JSON which the hub wrote.
 */

import type { CapsRecord, Events, FeedName, Welcome } from '../../protocol/messages.ts';
import { seqIn } from '../access/access.ts';
import type { Row } from '../store/row.ts';

export type Message =
  | EventsMessage
  | { readonly name: 'welcome'; readonly json: string; readonly welcome: Welcome }
  | { readonly name: 'parcels' | 'presence' | 'notice' | 'health'; readonly json: string };

/** A feed's range of the log. */
export interface Frame {
  readonly feed: FeedName;
  readonly prev: number;
  readonly upTo: number;
  /** The records' rows, ascending. */
  readonly rows: readonly Row[];
  /** Board only: parcels no longer on offer. */
  readonly gone: NonNullable<Events['gone']>;
  /** Board only: parcels on offer at `upTo`, if known. */
  readonly ready?: number | undefined;
  /** Places of the feed whose records the disk has damaged. */
  readonly damaged: readonly number[];
}

export class EventsMessage {
  readonly name = 'events';
  readonly frame: Frame;
  #json: string | undefined;

  constructor(frame: Frame) {
    this.frame = frame;
  }

  /** Built on demand: readers of single records or whole pages do not need it. */
  get json(): string {
    this.#json ??= jsonOf(this.frame);
    return this.#json;
  }
}

/** Joins an `events` message from the records' texts. */
function jsonOf({ feed, prev, upTo, rows, gone, ready, damaged }: Frame): string {
  const records = rows.map((row) => row.jsonAs(seqIn(feed, row))).join(',');
  const left = gone.length === 0 ? '' : `,"gone":${JSON.stringify(gone)}`;
  const counted = ready === undefined ? '' : `,"ready":${ready}`;
  const lost = damaged.length === 0 ? '' : `,"damaged":${JSON.stringify(damaged)}`;
  return `{"feed":"${feed}","prev":${prev},"upTo":${upTo},"records":[${records}]${left}${counted}${lost}}`;
}

/** The frame's records with this feed's seqs. */
export function recordsIn({ feed, rows }: Frame): CapsRecord[] {
  return rows.map((row) => row.recordAs(seqIn(feed, row)));
}

/** Memoizes the last message: all members of a room get the same one in a row. */
export function madeOnce<T>(make: (message: Message) => T): (message: Message) => T {
  let last: { readonly message: Message; readonly made: T } | undefined;
  return (message) => {
    if (last?.message !== message) last = { message, made: make(message) };
    return last.made;
  };
}
