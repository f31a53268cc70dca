/**
 * What the TCP door's connections are told. All of a room hear the same lines, which are put together once; a plain
 * client hears records alone, each once, and keeps no place of its own.
 */

import type { ServerToClient } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';
import type { Outlet, Sink } from '../feed.ts';
import type { PacedLines } from '../paced-lines.ts';
import { adminsRoom, type Presence } from '../presence.ts';
import { lineOf, type PlainLine, plainLines } from './tcp-messages.ts';

/** One message, put together for those who hear it when the first of them does. */
class Said {
  readonly message: keyof ServerToClient;
  readonly #json: string;
  #line: string | undefined;
  #plain: readonly PlainLine[] | undefined;

  constructor(message: keyof ServerToClient, json: string) {
    this.message = message;
    this.#json = json;
  }

  get line(): string {
    this.#line ??= lineOf(this.message, this.#json);
    return this.#line;
  }

  get plain(): readonly PlainLine[] {
    this.#plain ??= this.message === 'events' ? plainLines(this.#json) : [];
    return this.#plain;
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
  /** Undefined for a plain client. */
  readonly actor: Actor | undefined;
  /** The log's seq that it is told of what follows, as a plain client. */
  readonly from: number;
  readonly fail: () => void;
}

/** A subscription's way out over one connection. */
export class TcpSink implements Sink {
  readonly fail: () => void;
  readonly #options: TcpSinkOptions;
  readonly #joined = new Set<string>();
  /** The log's seq up to which a plain client has been told. */
  #place: number;

  constructor(options: TcpSinkOptions) {
    this.#options = options;
    this.#place = options.from;
    this.fail = options.fail;
  }

  send(message: keyof ServerToClient, json: string): void {
    const { lines, presence, actor } = this.#options;
    this.hear(new Said(message, json));
    if (message !== 'welcome' || actor?.role !== 'admin') return;
    lines.write(lineOf('presence', JSON.stringify(presence.all())));
    this.join(adminsRoom);
  }

  hear(said: Said): void {
    const { lines, actor } = this.#options;
    if (actor) {
      lines.write(said.line);
      return;
    }
    // What came as a page of the log may come again as news.
    const fresh = said.plain.filter(({ seq }) => seq > this.#place);
    this.#place = fresh.at(-1)?.seq ?? this.#place;
    lines.write(...fresh.map(({ line }) => line));
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

  /** Hears no more. */
  close(): void {
    for (const room of [...this.#joined]) this.leave(room);
  }
}
