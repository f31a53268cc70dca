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

type Out = Pick<EventStream, 'write' | 'say' | 'drained' | 'cut' | 'queued' | 'queuedSize'>;

/** Records filtered out before a stream sends its cursor; a heartbeat sends it, too. */
const silentMax = 250;

export interface FeedSinkOptions {
  readonly stream: Out;
  /** The requested cursor. */
  readonly after: string | undefined;
  /** The filter; undefined passes all. */
  readonly shows: ((record: CapsRecord) => boolean) | undefined;
  /** Whether to tell drivers which offers are gone. */
  readonly showsGone: boolean;
  /** Unread bytes past which nothing more is written. */
  readonly unreadMax: () => number;
  /** Called at that limit. The rest is read from the log, from `resume` on, when the bytes are taken. */
  readonly onFull: () => void;
}

/** Writes a subscription to a stream. */
export class FeedSink implements Sink {
  readonly #options: FeedSinkOptions;
  readonly #stream: Out;
  #frames: Frame[] = [];
  /** The cursor of the latest subscription. */
  #after: string | undefined;
  /** The epoch, known from `welcome` on. */
  #epoch = '';
  /** The subscriber's place. */
  #place = 0;
  /** The last place that the client knows. */
  #told = 0;

  constructor(options: FeedSinkOptions) {
    this.#options = options;
    this.#stream = options.stream;
    this.#after = options.after;
  }

  /** The cursor to resume from after `onFull`. */
  resume(): string {
    this.#after = cursorOf(this.#epoch, this.#place);
    return this.#after;
  }

  send(message: Message): void {
    // The snapshot is left to `GET /api/orders`.
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

  /** Keeps the connection alive, and sends a cursor that moved silently. */
  beat(): void {
    if (this.queued === 0) this.#stream.write(this.#told < this.#place ? this.#idLine() : ':\n\n');
  }

  /** Writes the records and the cursor of the last turn. */
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
    // A message without data moves the client's cursor and is not shown.
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
    // A gap: the client resumes from its cursor.
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
    // First and without an id: a client cut off after it gets it again.
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

/** Whether a feed has a gap. Large ranges come in several frames. */
function hasHole(frames: readonly Frame[], place: number): boolean {
  const places = new Map<FeedName, number>();
  return frames.some(({ feed, prev, upTo }) => {
    const reached = places.get(feed) ?? place;
    places.set(feed, Math.max(reached, upTo));
    return prev > reached;
  });
}

/** Writes dispatch's news to a stream. */
export class NewsMember implements Member {
  readonly #stream: Out;
  readonly #unreadMax: number;

  /** @param unreadMax unread bytes past which the stream is cut */
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
