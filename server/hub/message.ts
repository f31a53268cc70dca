/**
 * What the hub sends. A message is put together once, however many readers get it, and brings along what it was made of:
 * no door parses what the hub had as rows.
 */

import type { CapsRecord, Events, FeedName, Welcome } from '../../protocol/messages.ts';
import { seqIn } from '../access/access.ts';
import type { Row } from '../store/row.ts';

export type Message =
  | EventsMessage
  | { readonly name: 'welcome'; readonly json: string; readonly welcome: Welcome }
  | { readonly name: 'parcels' | 'presence' | 'notice'; readonly json: string };

/** What a feed says of a stretch of the log. */
export interface Frame {
  readonly feed: FeedName;
  readonly prev: number;
  readonly upTo: number;
  /** Of its records, ascending. */
  readonly rows: readonly Row[];
  /** On the board: what is no offer any more. */
  readonly gone: NonNullable<Events['gone']>;
  /** On the board: how many parcels are on offer then, where that is known. */
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

  /** Made when a reader needs it: one that shows a page, or single records, does not. */
  get json(): string {
    this.#json ??= jsonOf(this.frame);
    return this.#json;
  }
}

/** An `events` message, put together from the text of its records. */
function jsonOf({ feed, prev, upTo, rows, gone, ready, damaged }: Frame): string {
  const records = rows.map((row) => row.jsonAs(seqIn(feed, row))).join(',');
  const left = gone.length === 0 ? '' : `,"gone":${JSON.stringify(gone)}`;
  const counted = ready === undefined ? '' : `,"ready":${ready}`;
  const lost = damaged.length === 0 ? '' : `,"damaged":${JSON.stringify(damaged)}`;
  return `{"feed":"${feed}","prev":${prev},"upTo":${upTo},"records":[${records}]${left}${counted}${lost}}`;
}

/** A frame's records, each with its seq in this feed. */
export function recordsIn({ feed, rows }: Frame): CapsRecord[] {
  return rows.map((row) => row.recordAs(seqIn(feed, row)));
}

/**
 * Makes the same of a message for all who get it. A room's members are sent a message one after the other, so that it
 * is enough to remember the last.
 */
export function madeOnce<T>(make: (message: Message) => T): (message: Message) => T {
  let last: { readonly message: Message; readonly made: T } | undefined;
  return (message) => {
    if (last?.message !== message) last = { message, made: make(message) };
    return last.made;
  };
}
