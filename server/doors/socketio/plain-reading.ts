/**
 * How far a plain client has come in the log. It has no cursor of its own, so the hub keeps one for it, as long as the
 * connection lives.
 *
 *     with all others, live ──too much unread──▶ alone, page by page, each when it has taken the one before
 *             ▲                                                                    │
 *             └────────────────────────── is where the others are ◀────────────────┘
 */

import type { Socket } from 'socket.io';
import type { CapsRecord } from '../../../protocol/messages.ts';
import type { Sink } from '../../hub/feed.ts';
import type { Subscription } from '../../hub/hub.ts';
import { recordsIn } from '../../hub/message.ts';
import type { PlainClients } from '../../legacy/plain-clients.ts';
import { takenOn, unreadOn } from './unread.ts';

/** Unread messages, and characters, past which a client reads alone. */
const unreadMax = 10_000;
const unreadSizeMax = 4 * 1024 * 1024;

export interface PlainReadingOptions {
  readonly socket: Pick<Socket, 'conn'>;
  readonly plain: Pick<PlainClients, 'watch'>;
  /** The seq of the log after which it reads. */
  readonly from: number;
  /** The seq up to which all others have read. */
  readonly others: () => number;
  /** Called with each record that it reads alone. */
  readonly onRecord: (record: CapsRecord) => void;
  readonly onLag: (lagging: boolean) => void;
}

/** What was unread when it began to read alone. */
interface Alone {
  readonly count: number;
  readonly size: number;
  /** Undefined while it takes what was unread, and after the log could not be read. */
  watch: Subscription | undefined;
  hasFailed: boolean;
}

export class PlainReading {
  readonly #options: PlainReadingOptions;
  #place: number;
  /** Undefined while it reads with the others. */
  #alone: Alone | undefined;
  #isClosed = false;

  constructor(options: PlainReadingOptions) {
    this.#options = options;
    this.#place = options.from;
  }

  /** Whether it reads this record with the others. Call it once per record. */
  takes(seq: number): boolean {
    if (this.#alone || seq <= this.#place) return false;
    this.#place = seq;
    return true;
  }

  /**
   * Looks how much is unread. Call it now and then.
   * @returns false if answers and chat alone are too much: the log does not have them, so they cannot wait there
   */
  keepsUp(): boolean {
    const { count, size } = unreadOn(this.#options.socket);
    const alone = this.#alone;
    if (alone?.hasFailed) this.#read(alone);
    const isTooMuch = count - (alone?.count ?? 0) > unreadMax || size - (alone?.size ?? 0) > unreadSizeMax;
    if (alone) return !isTooMuch;
    if (isTooMuch) this.#fallBehind(count, size);
    return true;
  }

  close(): void {
    this.#isClosed = true;
    this.#alone?.watch?.close();
  }

  #fallBehind(count: number, size: number): void {
    const { socket, onLag } = this.#options;
    const alone: Alone = { count, size, watch: undefined, hasFailed: false };
    this.#alone = alone;
    onLag(true);
    void takenOn(socket).then(() => this.#read(alone));
  }

  #read(alone: Alone): void {
    if (this.#isClosed) return;
    alone.hasFailed = false;
    alone.watch = this.#options.plain.watch(this.#sinkOf(alone), this.#place, () => {});
  }

  #sinkOf(alone: Alone): Sink {
    const { socket, onRecord } = this.#options;
    return {
      send: (message) => {
        if (message.name !== 'events') return;
        for (const record of recordsIn(message.frame)) {
          if (record.seq <= this.#place) continue;
          this.#place = record.seq;
          onRecord(record);
        }
        this.#place = Math.max(this.#place, message.frame.upTo);
        if (this.#place >= this.#options.others()) this.#join(alone);
      },
      get queued() {
        return unreadOn(socket).count;
      },
      get queuedSize() {
        return unreadOn(socket).size;
      },
      drained: () => takenOn(socket),
      fail: () => {
        alone.watch?.close();
        alone.hasFailed = true;
      },
    };
  }

  /** From here on it reads with the others, who pass over what it has. */
  #join(alone: Alone): void {
    alone.watch?.close();
    this.#alone = undefined;
    this.#options.onLag(false);
  }
}
