/**
 * Reads the log for something that is sent: behind the commits, in pages, in turn with all other readers, and only what its
 * actor may see. Its place is kept in the store, with whatever else is to be remembered from one record to the next, so it
 * goes on where it stopped.
 *
 *     open ─▶ peek ─▶ (send it) ─▶ pass ─▶ note ─▶ peek ─▶ …
 */

import { readCursor } from '../../protocol/ids.ts';
import type { CapsRecord } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import { viewOf } from '../access/access.ts';
import type { EventsPage, EventsQuery } from '../hub/history.ts';
import type { OutboundChange } from '../store/outbound.ts';
import type { Store } from '../store/store.ts';

/** The part of the hub that is read. */
export interface FollowedHub {
  /** The log's last seq. */
  readonly head: number;
  /** Resolves when it has grown beyond this seq. */
  beyond(seq: number): Promise<void>;
  epochOf(actor: Actor): string;
  readonly read: { events(actor: Actor, query: EventsQuery): Promise<EventsPage> };
  readonly turns: { next(): Promise<void> };
}

/** What is remembered beside the place; JSON. */
export type Memory = Readonly<Record<string, unknown>>;

export interface FollowerOptions {
  /** Of its place in the store. */
  readonly name: string;
  readonly actor: Actor;
  readonly hub: FollowedHub;
  readonly store: Pick<Store, 'outbound' | 'headOf'>;
}

const placeTopic = 'place';
/** Of one page, which is held in memory: a turn of the hub takes a few milliseconds at most. */
const page = { limit: 32, bytes: 64 * 1024, terms: [] } as const;

/** The row of a place. `seq`: everything up to it is done with, in the reader's own counting. */
export function placeRow(name: string, place: Place | undefined): OutboundChange {
  return { topic: placeTopic, id: name, text: place && JSON.stringify(place) };
}

export interface Place {
  readonly epoch: string;
  readonly seq: number;
  readonly memory: Memory;
}

/** @returns the place as it is kept, and its text for `write` */
export async function findPlace(
  { outbound }: Pick<Store, 'outbound'>,
  name: string,
): Promise<{ readonly place: Place; readonly text: string } | undefined> {
  const text = await outbound.find(placeTopic, name);
  return text === undefined ? undefined : { place: JSON.parse(text) as Place, text };
}

export class Follower {
  readonly epoch: string;
  readonly #options: FollowerOptions;
  /** As it was last read or written. */
  #text: string | undefined;
  #seq: number;
  #memory: Memory;
  #page: readonly CapsRecord[] = [];
  #at = 0;
  /** Where the page ends; more than its last record's seq where the disk has damaged the rest. */
  #pageEnd: number;

  private constructor(options: FollowerOptions, text: string | undefined, seq: number, memory: Memory) {
    this.#options = options;
    this.epoch = options.hub.epochOf(options.actor);
    this.#text = text;
    this.#seq = seq;
    this.#pageEnd = seq;
    this.#memory = memory;
  }

  /** Where nothing is kept, it begins with what comes next. */
  static async open(options: FollowerOptions): Promise<Follower> {
    const { store, name, actor, hub } = options;
    const found = await findPlace(store, name);
    const head = await store.headOf(viewOf(actor).scope);
    const { seq, epoch, memory } = found?.place ?? { seq: head, epoch: '', memory: {} };
    // Of a log that has lost its end since.
    const isOther = epoch !== hub.epochOf(actor);
    return new Follower(options, found?.text, isOther ? Math.min(seq, head) : seq, memory);
  }

  /** Everything up to this seq is done with. */
  get seq(): number {
    return this.#seq;
  }

  get memory(): Memory {
    return this.#memory;
  }

  /** Whether the store does not know the place yet. */
  get isMoved(): boolean {
    return this.#text !== this.#now(this.#memory);
  }

  /** The next record; undefined at the end of the log. @throws CapsError busy, unavailable */
  async peek(): Promise<CapsRecord | undefined> {
    while (this.#at >= this.#page.length) {
      const { hub, actor } = this.#options;
      this.#seq = this.#pageEnd;
      await hub.turns.next();
      const { items, next } = await hub.read.events(actor, { after: String(this.#seq), ...page });
      const end = readCursor(next)?.seq ?? this.#seq;
      if (items.length === 0 && end <= this.#seq) return undefined;
      this.#page = items;
      this.#at = 0;
      this.#pageEnd = end;
    }
    return this.#page[this.#at];
  }

  /** The record that `peek` gave is done with. */
  pass(): void {
    this.#seq = this.#page[this.#at]?.seq ?? this.#seq;
    this.#at += 1;
  }

  /** Forgets what was read ahead. */
  rest(): void {
    this.#page = [];
    this.#at = 0;
    this.#pageEnd = this.#seq;
  }

  /**
   * Keeps the place in the store, and other changes with it.
   * @returns false, with nothing kept, if somebody else has moved it: open another follower
   */
  async note(memory: Memory, changes: readonly OutboundChange[] = []): Promise<boolean> {
    const { store, name } = this.#options;
    const before = { topic: placeTopic, id: name, text: this.#text };
    const text = this.#now(memory);
    const isNoted = await store.outbound.write([{ topic: placeTopic, id: name, text }, ...changes], {
      before,
      isQuick: true,
    });
    if (isNoted) {
      this.#text = text;
      this.#memory = memory;
    }
    return isNoted;
  }

  #now(memory: Memory): string {
    const place: Place = { epoch: this.epoch, seq: this.#seq, memory };
    return JSON.stringify(place);
  }
}
