/**
 * What the TCP door's connections are told. All of a room hear the same lines, which are put together once; a plain
 * client hears records alone, each once, and keeps no place of its own. One that has much to read yet is not given
 * more: it is read to from its place in the log once it has read that.
 */

import type { Actor } from '../../../protocol/parcel.ts';
import type { Sink } from '../../hub/feed.ts';
import type { Subscription } from '../../hub/hub.ts';
import { type Message, recordsIn } from '../../hub/message.ts';
import type { Presence } from '../../hub/presence.ts';
import type { PlainClients, PlainRecord } from '../../legacy/plain-clients.ts';
import { lineOf } from './messages.ts';
import type { PacedLines } from './paced-lines.ts';
import type { TcpTaste } from './taste.ts';

/** Lines that wait for a plain client before it is told no more of what happens. */
const fullAt = 100;

/** A message as the door's readers are told it: put together when the first of them needs it. */
export class Said {
  readonly #message: Message;
  #line: string | undefined;
  #records: readonly PlainRecord[] | undefined;
  /** A record's lines, by seq and taste. */
  readonly #plainLines = new Map<string, readonly string[]>();

  constructor(message: Message) {
    this.#message = message;
  }

  get line(): string {
    this.#line ??= lineOf(this.#message);
    return this.#line;
  }

  records(plain: PlainClients): readonly PlainRecord[] {
    const message = this.#message;
    this.#records ??=
      message.name === 'events' ? recordsIn(message.frame).map((one) => plain.recordOf(one)) : [];
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

export interface TcpSinkOptions {
  readonly lines: PacedLines;
  /** The same for the same message. */
  readonly saidOf: (message: Message) => Said;
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
  #endWatch: (() => void) | undefined;
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

  send(message: Message): void {
    if (this.#isClosed) return;
    const { lines, presence, reader, saidOf } = this.#options;
    const said = saidOf(message);
    if (reader.role !== 'plain') lines.write(said.line);
    else if (lines.queued > fullAt) reader.onFull();
    else this.#tell(reader, said);
    if (message.name === 'welcome' && reader.role === 'admin') this.#endWatch = presence.watch(this);
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
    this.#endWatch?.();
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
    const { lines, saidOf, presence, fail, plain, taste, from } = options;
    this.#options = options;
    const reader: PlainReader = { role: 'plain', plain, taste, from, onFull: () => this.#readLater() };
    this.#sink = new TcpSink({ lines, saidOf, presence, fail, reader });
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
