/**
 * Writes the hub's messages to TCP connections. Lines are built once for all members of a room. A plain client gets
 * records alone, each once, and keeps no cursor: when too many lines wait, it is paused and later resumes from its
 * place in the log.
 */

import type { Actor } from '../../../protocol/parcel.ts';
import type { Sink } from '../../hub/feed.ts';
import type { Hub, Subscription } from '../../hub/hub.ts';
import { type Message, recordsIn } from '../../hub/message.ts';
import type { Presence } from '../../hub/presence.ts';
import type { PlainClients, PlainRecord } from '../../legacy/plain-clients.ts';
import { lineOf } from './messages.ts';
import type { PacedLines } from './paced-lines.ts';
import type { TcpTaste } from './taste.ts';

/** Waiting lines past which a plain client is paused. */
const fullAt = 100;

/** A message in the door's encodings, each built on first use. */
export class EncodedMessage {
  readonly #message: Message;
  #line: string | undefined;
  #records: readonly PlainRecord[] | undefined;
  /** A record's lines by seq and taste. */
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
  /** Memoized per message. */
  readonly encodedOf: (message: Message) => EncodedMessage;
  readonly presence: Presence;
  /** Absent for plain clients, who would not understand it. */
  readonly outage?: Hub['outage'];
  readonly reader: Actor | PlainReader;
  readonly fail: () => void;
}

export interface PlainReader {
  readonly role: 'plain';
  readonly plain: PlainClients;
  readonly taste: TcpTaste;
  /** The seq of the log after which it reads records. */
  readonly from: number;
  /** Called when too many lines wait. */
  readonly onFull: () => void;
}

/** Writes one subscription's messages to one connection. */
export class TcpSink implements Sink {
  readonly fail: () => void;
  readonly #options: TcpSinkOptions;
  #endWatch: (() => void) | undefined;
  /** The last seq of the log that a plain client was sent. */
  #place: number;
  #isClosed = false;

  constructor(options: TcpSinkOptions) {
    this.#options = options;
    this.#place = options.reader.role === 'plain' ? options.reader.from : 0;
    this.fail = options.fail;
  }

  get place(): number {
    return this.#place;
  }

  send(message: Message): void {
    if (this.#isClosed) return;
    const { lines, reader, encodedOf } = this.#options;
    const said = encodedOf(message);
    if (reader.role !== 'plain') lines.write(said.line);
    else if (lines.queued > fullAt) reader.onFull();
    else this.#tell(reader, said);
    if (message.name === 'welcome') this.#watch();
  }

  #watch(): void {
    const { presence, outage, reader } = this.#options;
    const endHealth = outage?.watch(this);
    const endNews = reader.role === 'admin' ? presence.watch(this) : undefined;
    this.#endWatch = () => {
      endHealth?.();
      endNews?.();
    };
  }

  /** Live records may repeat those of the last page. */
  #tell({ plain, taste }: PlainReader, said: EncodedMessage): void {
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

  /** Stops sending and watching. */
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
 * Sends every record to a plain client until it leaves or says hello. When the client is slow, it resumes from its
 * place in the log once the lines are taken.
 */
export class PlainWatch implements Subscription {
  readonly #options: PlainWatchOptions;
  readonly #sink: TcpSink;
  #subscription: Subscription;
  #isClosed = false;

  constructor(options: PlainWatchOptions) {
    const { lines, encodedOf, presence, fail, plain, taste, from } = options;
    this.#options = options;
    const reader: PlainReader = { role: 'plain', plain, taste, from, onFull: () => this.#readLater() };
    this.#sink = new TcpSink({ lines, encodedOf, presence, fail, reader });
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
      // The lines may have been dropped because of a hello; a session must not read everything.
      if (!this.#isClosed) this.#subscription = this.#begin();
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#subscription.close();
    this.#sink.close();
  }
}
