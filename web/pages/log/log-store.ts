/**
 * Everything the log page shows, outside React: joins the live feed, history and the reader's wishes in one
 * window, and publishes snapshots. Components read the stores below and call the methods.
 */

import type { ConnectionState } from '../../../client/client.ts';
import type { Stretch } from '../../../client/places.ts';
import type { CapsRecord, Connection, Presence, Welcome } from '../../../protocol/messages.ts';
import { Announcer } from '../../announcer.ts';
import { FrameStore } from '../../frame-store.ts';
import type { Live } from '../../live.ts';
import { readHistory } from './history.ts';
import { type FreezeReason, LogWindow, type Way, type WindowSnapshot } from './log-window.ts';
import { Pace } from './pace.ts';
import { messageOf, ParcelWatch } from './parcel-watch.ts';
import { afterNotices, afterPresence, type NoticeEntry } from './people.ts';
import { RateBars, type RateSnapshot } from './rate-bars.ts';
import { countsText } from './words.ts';

export interface LogState extends WindowSnapshot {
  /** The hub has said which log this is. */
  readonly isOpen: boolean;
  /** Why history could not be read, in words. */
  readonly trouble: string | undefined;
  /** How often another log took the place of the one shown. */
  readonly replaced: number;
  /** Rows past this seq have just come, few enough at a time for the eye to follow. */
  readonly newAfter: number;
  /** They come faster than anyone can read. */
  readonly isStream: boolean;
}

/** Rows and bars are drawn at most this often while they come by themselves. */
const rowsEveryMs = 100;
const barsEveryMs = 250;
/** Up to this many in one drawing the eye can follow. */
const arrivalsMax = 5;
/** From this many on none stays long enough to be read: a stream, which is over without any for this long. */
const streamMin = 40;
const streamEndsMs = 500;

export class LogStore {
  readonly live: Live;
  readonly announcer = new Announcer();
  readonly parcel = new ParcelWatch();
  readonly log: FrameStore<LogState>;
  readonly rate: FrameStore<RateSnapshot>;
  readonly people: FrameStore<readonly Connection[]>;
  readonly notices: FrameStore<readonly NoticeEntry[]>;

  readonly #window = new LogWindow();
  readonly #bars = new RateBars();
  readonly #pace = new Pace(rowsEveryMs);
  readonly #second: ReturnType<typeof setInterval>;
  #streamEnds: ReturnType<typeof setTimeout> | undefined;
  #people: readonly Connection[] = [];
  #notices: readonly NoticeEntry[] = [];
  #reading = new AbortController();
  #trouble: string | undefined;
  #replaced = 0;

  constructor(live: Live, search: string) {
    this.live = live;
    this.#window.search(search);
    this.log = new FrameStore((previous) => this.#takeLog(previous), this.#pace.next);
    // A pause holds everything that moves by itself.
    this.rate = new FrameStore(
      (previous) => (previous && this.#isPaused ? previous : this.#bars.snapshot(Date.now())),
      new Pace(barsEveryMs).next,
    );
    this.people = new FrameStore(() => this.#people);
    this.notices = new FrameStore(() => this.#notices);
    this.#second = setInterval(() => this.rate.touch(), 1_000);

    live.client.on('welcome', (welcome) => this.#welcomed(welcome));
    live.client.on('events', (stretch) => this.#eventsCame(stretch));
    live.client.on('state', (state) => this.#stateCame(state));
    live.client.on('presence', (presence) => this.#presenceCame(presence));
    live.client.on('notice', (notices) => {
      this.#notices = afterNotices(this.#notices, notices);
      this.notices.touch();
    });
  }

  /** Ends the connection too. Safe to call twice. */
  close(): void {
    clearInterval(this.#second);
    clearTimeout(this.#streamEnds);
    this.#reading.abort();
    this.announcer.close();
    this.parcel.close();
    this.live.close();
    for (const store of [this.log, this.rate, this.people, this.notices]) store.close();
  }

  // ---- what the reader wants ----

  freeze(why: FreezeReason): void {
    if (this.#window.mode.kind === 'following') this.announcer.say('mode', () => 'Paused.');
    this.#window.freeze(why);
    this.#touchNow();
  }

  resume(): void {
    if (this.#window.mode.kind === 'frozen') this.announcer.say('mode', () => 'Following again.');
    this.#window.resume();
    this.rate.touch();
    this.#touchNow();
  }

  /** Nothing may move away from under the reader of a parcel. */
  openParcel({ payload }: CapsRecord): void {
    this.freeze('reading');
    this.parcel.show({ store: payload.store, orderID: payload.orderID });
  }

  closeParcel(): void {
    this.parcel.hide();
    if (this.#window.mode.kind === 'frozen') this.freeze('scrolled');
  }

  search(text: string): void {
    this.#stopReading();
    this.#window.search(text);
    this.#touchNow();
  }

  toOldest(): void {
    this.#stopReading();
    this.#window.toOldest();
    this.#touchNow();
  }

  clearNotices(): void {
    this.#notices = [];
    this.notices.touch();
  }

  /** More rows beyond one end are about to be seen. Asking again while they are on their way is harmless. */
  need(way: Way): void {
    const ask = this.#window.ask(way);
    if (!ask) return;
    this.#touchNow();
    const { signal } = this.#reading;
    readHistory(ask, signal)
      .then(
        (page) => {
          if (signal.aborted) return;
          this.#trouble = undefined;
          this.#window.answered(ask, page);
          if (ask.search.trim() !== '') this.#sayFound();
          else if (way === 'older') {
            this.#bars.history(page.items);
            this.rate.touch();
          }
        },
        (error: unknown) => {
          if (!signal.aborted) this.#trouble = messageOf(error);
          this.#window.failed(ask);
        },
      )
      .finally(() => this.#touchNow());
  }

  // ---- what the hub says ----

  #welcomed({ epoch, head, reset }: Welcome): void {
    if (this.#window.epoch === epoch && reset === undefined) return;
    if (this.#window.epoch !== undefined) this.#replaced += 1;
    this.#stopReading();
    this.parcel.hide();
    this.#bars.clear();
    this.#window.start(epoch, head);
    this.#touchNow();
  }

  #eventsCame(stretch: Stretch): void {
    this.#window.append(stretch.records);
    this.#bars.live(stretch.records, Date.now());
    this.parcel.eventsCame(stretch);
    this.log.touch();
    this.rate.touch();
  }

  /** What could not be read without a connection may now be. */
  #stateCame(state: ConnectionState): void {
    if (state.kind !== 'live') return;
    const { older, newer } = this.#window.snapshot();
    if (older === 'failed') this.need('older');
    if (newer === 'failed') this.need('newer');
  }

  #presenceCame(presence: Presence): void {
    this.#people = afterPresence(this.#people, presence);
    this.people.touch();
  }

  #sayFound(): void {
    this.announcer.say('found', () => `${countsText(this.#window.snapshot())}.`);
  }

  // ---- snapshots ----

  get #isPaused(): boolean {
    const { mode } = this.#window;
    return mode.kind === 'frozen' && mode.why === 'paused';
  }

  #takeLog(previous: LogState | undefined): LogState {
    const window = this.#window.snapshot();
    const arrived = window.total - (previous?.total ?? window.total);
    const isStream = arrived >= streamMin;
    clearTimeout(this.#streamEnds);
    if (isStream) this.#streamEnds = setTimeout(() => this.log.touch(), streamEndsMs);
    return {
      ...window,
      isOpen: this.#window.epoch !== undefined,
      trouble: this.#trouble,
      replaced: this.#replaced,
      newAfter: arrived > arrivalsMax ? window.total : window.total - arrived,
      isStream,
    };
  }

  #touchNow(): void {
    this.log.touch();
    this.#pace.hurry();
  }

  #stopReading(): void {
    this.#reading.abort();
    this.#reading = new AbortController();
  }
}
