/**
 * What the TCP door's connections are told. All of a room hear the same lines, which are put together once; a plain
 * client hears records alone, each once, and keeps no place of its own. One that has much to read yet is not given
 * more: it is read to from its place in the log once it has read that.
 */

import type { ServerToClient } from '../../../protocol/messages.ts';
import type { Actor } from '../../../protocol/parcel.ts';
import type { Outlet, Sink } from '../../hub/feed.ts';
import type { Subscription } from '../../hub/hub.ts';
import { adminsRoom, type Presence } from '../../hub/presence.ts';
import { type PlainClients, type PlainRecord, recordsIn } from '../../legacy/plain-clients.ts';
import { lineOf } from './messages.ts';
import type { PacedLines } from './paced-lines.ts';
import type { TcpTaste } from './taste.ts';

/** Lines that wait for a plain client before it is told no more of what happens. */
const fullAt = 100;

/** One message, put together for those who hear it when the first of them does. */
class Said {
  readonly message: keyof ServerToClient;
  readonly #json: string;
  #line: string | undefined;
  #records: readonly PlainRecord[] | undefined;
  /** A record's lines, by seq and taste. */
  readonly #plainLines = new Map<string, readonly string[]>();

  constructor(message: keyof ServerToClient, json: string) {
    this.message = message;
    this.#json = json;
  }

  get line(): string {
    this.#line ??= lineOf(this.message, this.#json);
    return this.#line;
  }

  records(plain: PlainClients): readonly PlainRecord[] {
    this.#records ??=
      this.message === 'events' ? recordsIn(this.#json).map((one) => plain.recordOf(one)) : [];
    return this.#records;
  }

  linesOf(record: PlainRecord, taste: TcpTaste): readonly string[] {
    const key = `${record.seq} ${taste.key}`;
    const known = this.#plainLines.get(key);
    if (known) return known;
    const lines = taste.linesOf(record);
    this.#plainLines.set(key, lines);
    return lines;
  }
}

/** Who hears what together. */
export class Rooms implements Outlet {
  readonly #members = new Map<string, Set<TcpSink>>();

  join(room: string, sink: TcpSink): void {
    const members = this.#members.get(room);
    if (members) members.add(sink);
    else this.#members.set(room, new Set([sink]));
  }

  leave(room: string, sink: TcpSink): void {
    const members = this.#members.get(room);
    members?.delete(sink);
    if (members?.size === 0) this.#members.delete(room);
  }

  readonly broadcast: Outlet['broadcast'] = (room, message, json) => {
    const members = this.#members.get(room);
    if (!members) return;
    const said = new Said(message, json);
    for (const member of members) member.hear(said);
  };
}

export interface TcpSinkOptions {
  readonly lines: PacedLines;
  readonly rooms: Rooms;
  readonly presence: Presence;
  readonly reader: Actor | PlainReader;
  readonly fail: () => void;
}

/** A plain client. */
export interface PlainReader {
  readonly role: 'plain';
  readonly plain: PlainClients;
  readonly taste: TcpTaste;
  /** The log's seq after which it is told of what happens. */
  readonly from: number;
  /** It has enough to read, and hears no more. */
  readonly onFull: () => void;
}

/** A subscription's way out over one connection. */
export class TcpSink implements Sink {
  readonly fail: () => void;
  readonly #options: TcpSinkOptions;
  readonly #joined = new Set<string>();
  /** The log's seq up to which a plain client has been told. */
  #place: number;
  #isClosed = false;

  constructor(options: TcpSinkOptions) {
    this.#options = options;
    this.#place = options.reader.role === 'plain' ? options.reader.from : 0;
    this.fail = options.fail;
  }

  /** How far a plain client has been told. */
  get place(): number {
    return this.#place;
  }

  send(message: keyof ServerToClient, json: string): void {
    if (this.#isClosed) return;
    const { lines, presence, reader } = this.#options;
    const said = new Said(message, json);
    if (reader.role === 'plain') this.#tell(reader, said);
    else lines.write(said.line);
    if (message !== 'welcome' || reader.role !== 'admin') return;
    lines.write(lineOf('presence', JSON.stringify(presence.all())));
    this.join(adminsRoom);
  }

  hear(said: Said): void {
    if (this.#isClosed) return;
    const { lines, reader } = this.#options;
    if (reader.role !== 'plain') lines.write(said.line);
    else if (lines.queued > fullAt) reader.onFull();
    else this.#tell(reader, said);
  }

  /** What came as a page of the log may come again as news. */
  #tell({ plain, taste }: PlainReader, said: Said): void {
    const { lines } = this.#options;
    for (const record of said.records(plain)) {
      if (record.seq <= this.#place) continue;
      this.#place = record.seq;
      lines.write(...said.linesOf(record, taste));
    }
  }

  join(room: string): void {
    this.#joined.add(room);
    this.#options.rooms.join(room, this);
  }

  leave(room: string): void {
    this.#joined.delete(room);
    this.#options.rooms.leave(room, this);
  }

  get queued(): number {
    return this.#options.lines.queued;
  }

  get queuedSize(): number {
    return this.#options.lines.queuedSize;
  }

  drained(): Promise<void> {
    return this.#options.lines.drained();
  }

  /** Hears no more, and tells no more. */
  close(): void {
    this.#isClosed = true;
    for (const room of [...this.#joined]) this.leave(room);
  }
}

export interface PlainWatchOptions
  extends Omit<TcpSinkOptions, 'reader'>,
    Omit<PlainReader, 'role' | 'onFull'> {
  readonly onLag: (lagging: boolean) => void;
}

/**
 * All that is recorded, for a plain client until it leaves or says who it is. What is written slowly waits in the log:
 * it goes on from its place there once it has taken what it has.
 */
export class PlainWatch implements Subscription {
  readonly #options: PlainWatchOptions;
  readonly #sink: TcpSink;
  #subscription: Subscription;
  #isClosed = false;

  constructor(options: PlainWatchOptions) {
    const { lines, rooms, presence, fail, plain, taste, from } = options;
    this.#options = options;
    const reader: PlainReader = { role: 'plain', plain, taste, from, onFull: () => this.#readLater() };
    this.#sink = new TcpSink({ lines, rooms, presence, fail, reader });
    this.#subscription = this.#begin();
  }

  #begin(): Subscription {
    const { plain, onLag } = this.#options;
    return plain.watch(this.#sink, this.#sink.place, onLag);
  }

  #readLater(): void {
    const { lines, onLag } = this.#options;
    this.#subscription.close();
    onLag(true);
    void lines.drained().then(() => {
      // Its lines may have been dropped because it is somebody else by now, who must not hear everything.
      if (!this.#isClosed) this.#subscription = this.#begin();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#subscription.close();
    this.#sink.close();
  }
}
