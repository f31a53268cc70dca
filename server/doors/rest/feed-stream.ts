/**
 * One subscription as one stream: all that a subscriber is sent becomes one sequence, each record once, in order.
 *
 *     frames of one turn ──gathered──▶ merged by seq, seen ones dropped ──filtered──▶ id: <cursor>, data: <record>
 *
 * A driver reads two feeds. Their frames come within one turn, those of a feed each complete up to its `upTo`, so after the turn the
 * highest of these is the place of both.
 */

import { cursorOf, readCursor } from '../../../protocol/ids.ts';
import type { CapsRecord, FeedName, Welcome } from '../../../protocol/messages.ts';
import { seqIn } from '../../access/access.ts';
import type { Sink } from '../../hub/feed.ts';
import type { Frame, Message } from '../../hub/message.ts';
import type { Member } from '../../hub/room.ts';
import { type EventStream, messageOf } from './sse.ts';

/** What is needed of a stream here. */
type Out = Pick<EventStream, 'write' | 'say' | 'drained' | 'cut' | 'queued' | 'queuedSize'>;

/** A filtered stream says its place after so many records that it passed over, or with the next heartbeat. */
const silentMax = 250;

export interface FeedSinkOptions {
  readonly stream: Out;
  /** The cursor that the subscription was asked for. */
  readonly after: string | undefined;
  /** Which records are asked for; undefined: all. */
  readonly shows: ((record: CapsRecord) => boolean) | undefined;
  /** Whether to tell drivers what is no offer any more. */
  readonly showsGone: boolean;
  /** Past so many bytes that wait to be read, nothing more is written. */
  readonly unreadMax: () => number;
  /** So many wait. What follows is to be read from the log, from `resume` on, when they have been taken. */
  readonly onFull: () => void;
}

/** A subscription as a stream. */
export class FeedSink implements Sink {
  readonly #options: FeedSinkOptions;
  readonly #stream: Out;
  #frames: Frame[] = [];
  /** The cursor that the subscription was last asked for. */
  #after: string | undefined;
  /** The first half of its cursors, once it is welcome. */
  #epoch = '';
  /** How far the subscriber has come. */
  #place = 0;
  /** How far its client has been told to be. */
  #told = 0;

  constructor(options: FeedSinkOptions) {
    this.#options = options;
    this.#stream = options.stream;
    this.#after = options.after;
  }

  /** Where to go on from after it was full. */
  resume(): string {
    this.#after = cursorOf(this.#epoch, this.#place);
    return this.#after;
  }

  send(message: Message): void {
    // What is open now is read with `GET /api/orders`.
    if (message.name === 'welcome') this.#welcome(message.welcome);
    if (message.name !== 'events') return;
    if (this.#frames.length === 0) queueMicrotask(() => this.#flush());
    this.#frames.push(message.frame);
  }

  get queued(): number {
    return this.#stream.queued;
  }

  get queuedSize(): number {
    return this.#stream.queuedSize;
  }

  drained(): Promise<void> {
    this.#flush();
    return this.#stream.drained();
  }

  fail(): void {
    this.#stream.cut();
  }

  /** Keeps the connection alive, and a place that has moved in silence known. */
  beat(): void {
    if (this.queued === 0) this.#stream.write(this.#told < this.#place ? this.#idLine() : ':\n\n');
  }

  /** What the last turn brought, and where that leaves the client. */
  finish(): void {
    this.#flush();
    if (this.#told < this.#place) this.#stream.write(this.#idLine());
  }

  #welcome({ epoch, head, reset }: Welcome): void {
    this.#epoch = epoch;
    const after = this.#after;
    const isResumed = after !== undefined && reset === undefined;
    this.#place = isResumed ? (readCursor(after)?.seq ?? 0) : head;
    if (reset) this.#stream.say('reset', JSON.stringify({ reason: reset }));
    // A message without data moves the client's place and is not shown.
    this.#stream.write(this.#idLine());
  }

  #idLine(): string {
    this.#told = this.#place;
    return `id: ${cursorOf(this.#epoch, this.#place)}\n\n`;
  }

  #flush(): void {
    const place = this.#place;
    const frames = this.#frames.filter(({ upTo }) => upTo > place);
    this.#frames = [];
    if (frames.length === 0) return;
    // It has missed something: its client comes again from its cursor.
    if (hasHole(frames, place)) {
      this.fail();
      return;
    }
    this.#place = Math.max(...frames.map(({ upTo }) => upTo));
    const fresh = new Map(
      frames.flatMap(({ feed, rows }) => rows.map((row) => [seqIn(feed, row), row] as const)),
    );
    const { showsGone, shows, unreadMax, onFull } = this.#options;
    const room = unreadMax() - this.#stream.queuedSize;
    const gone = showsGone ? frames.flatMap((frame) => frame.gone) : [];
    // Without an id and first: whoever is cut off behind it is told again.
    let text = gone.length > 0 ? messageOf('gone', JSON.stringify(gone)) : '';
    const lost = new Set(frames.flatMap(({ damaged }) => damaged));
    for (const seq of [...fresh.keys(), ...lost].sort((a, b) => a - b)) {
      const row = fresh.get(seq);
      if (seq <= place || (row && shows && !shows(row.recordAs(seq)))) continue;
      if (text.length > room) {
        this.#place = this.#told;
        this.#stream.write(text);
        onFull();
        return;
      }
      const message = row
        ? messageOf(undefined, row.jsonAs(seq))
        : messageOf('damaged', JSON.stringify({ seq }));
      text += `id: ${cursorOf(this.#epoch, seq)}\n${message}`;
      this.#told = seq;
    }
    if (gone.length > 0 || this.#place - this.#told >= silentMax) text += this.#idLine();
    this.#stream.write(text);
  }
}

/** Whether one of the feeds does not go on where it was; what is large comes in several frames. */
function hasHole(frames: readonly Frame[], place: number): boolean {
  const places = new Map<FeedName, number>();
  return frames.some(({ feed, prev, upTo }) => {
    const reached = places.get(feed) ?? place;
    places.set(feed, Math.max(reached, upTo));
    return prev > reached;
  });
}

/** What dispatch is told, as a stream. */
export class NewsMember implements Member {
  readonly #stream: Out;
  readonly #unreadMax: number;

  /** @param unreadMax the stream is cut when so many bytes wait to be read */
  constructor(stream: Out, unreadMax: number) {
    this.#stream = stream;
    this.#unreadMax = unreadMax;
  }

  send({ name, json }: Message): void {
    if (this.#stream.queuedSize > this.#unreadMax) this.#stream.cut();
    else this.#stream.say(name, json);
  }

  beat(): void {
    if (this.#stream.queued === 0) this.#stream.write(':\n\n');
  }
}
