/**
 * Everything the log page shows, outside React: joins the live feed, history and the reader's wishes in one
 * window, and publishes snapshots. Components read the stores below and call the methods.
 */

import type { ConnectionState } from '../../../client/client.ts';
import type { Stretch } from '../../../client/places.ts';
import { cursorOf } from '../../../protocol/ids.ts';
import type { CapsRecord, Welcome } from '../../../protocol/messages.ts';
import { Announcer } from '../../app/announcer.ts';
import { Pace } from '../../app/draw-pace.ts';
import { FrameStore } from '../../app/frame-store.ts';
import type { Live } from '../../app/live.ts';
import { type Address, AddressKeeper } from './address.ts';
import { Crowd } from './crowd.ts';
import type { Way } from './found.ts';
import { readEvents, seqAt } from './history.ts';
import type { Jump, LogState } from './log-state.ts';
import { type FreezeReason, LogWindow, type Look } from './log-window.ts';
import { NamedTimers } from './named-timers.ts';
import { PageReader } from './page-reader.ts';
import { messageOf, ParcelWatch } from './parcel-watch.ts';
import { Pulse } from './pulse.ts';
import { pageSize, type SeqPage } from './seq-pages.ts';
import { countsText } from './words.ts';

/** Rows are drawn at most this often while they come by themselves. */
const rowsEveryMs = 100;
/** While they stand still, only the number of those that came is drawn, and nobody reads tenths of a second of it. */
const countEveryMs = 1_000;
/** Up to this many in one drawing the eye can follow. */
const arrivalsMax = 5;
/** From this many on none stays long enough to be read: a stream, which is over after longer than two drawings. */
const streamMin = 40;
const streamEndsMs = 1_500;
/** What a page that has just been opened reads of history: enough for its rows and its chart. */
const openingSize = 500;
/** More of what was found is read when fewer rows than this are left to scroll through. */
const fewLeft = 20;
/** Rows are read so far before they come into sight. */
const ahead = 40;
const hintMs = 5_000;
/** A search that is answered by then goes from rows to rows; one that is not says that it searches. */
const answerMs = 250;

export class LogStore {
  readonly live: Live;
  readonly announcer = new Announcer();
  readonly parcel = new ParcelWatch();
  readonly log: FrameStore<LogState>;
  readonly pulse = new Pulse(() => this.#window.mode);
  readonly crowd: Crowd;

  readonly #window = new LogWindow();
  readonly #pace = new Pace(() => (this.#window.mode.kind === 'frozen' ? countEveryMs : rowsEveryMs));
  readonly #pages: PageReader<SeqPage>;
  readonly #address = new AddressKeeper(() => this.address);
  readonly #timers = new NamedTimers<'stream' | 'hint' | 'search'>();
  #reading = new AbortController();
  /** What the address asked for when the page was opened. */
  #wanted: Address | undefined;
  #isOpening = false;
  #selected: CapsRecord | undefined;
  #jump: Jump | undefined;
  /** Index of the first row in sight and of the one after the last. */
  #sight = { first: 0, last: 0 };
  #trouble: string | undefined;
  #hint: string | undefined;
  #replaced = 0;

  constructor(live: Live, address: Address) {
    this.live = live;
    this.#wanted = address;
    this.#window.search(address.search, address.look);
    this.log = new FrameStore((previous) => this.#takeLog(previous), this.#pace.next);
    this.crowd = new Crowd(live.client);
    this.#pages = new PageReader({
      read: (page, signal) => this.#readPage(page, signal),
      came: (page, items) => {
        this.#trouble = undefined;
        this.#window.pageCame(page, items);
        this.#touchNow();
      },
      failed: (error) => this.#failed(error),
    });

    live.client.on('welcome', (welcome) => this.#welcomed(welcome));
    live.client.on('events', (stretch) => this.#eventsCame(stretch));
    live.client.on('state', (state) => this.#stateCame(state));
  }

  /** Ends the connection too. Safe to call twice. */
  close(): void {
    this.#timers.close();
    this.#reading.abort();
    this.#pages.stop();
    this.#address.close();
    this.announcer.close();
    this.parcel.close();
    this.live.close();
    for (const store of [this.log, this.pulse, this.crowd]) store.close();
  }

  // ---- what the reader wants ----

  freeze(why: FreezeReason, at = this.log.get().total): void {
    if (this.#window.mode.kind === 'following') this.announcer.say('mode', () => 'Paused.');
    this.#window.freeze(why, at);
    this.#touchNow();
  }

  resume(): void {
    if (this.#window.mode.kind === 'frozen') this.announcer.say('mode', () => 'Following again.');
    this.#selected = undefined;
    if (this.#window.snapshot().range) this.#stopReading();
    this.#window.resume();
    this.#count();
    this.pulse.touch();
    this.#touchNow();
  }

  /** The row that the keys work on. It is brought into sight, and an open panel follows it. */
  select(record: CapsRecord, where: Jump['where'] = 'nearest'): void {
    this.freeze('reading');
    this.#selected = record;
    if (where === 'middle') this.#window.around(record.seq);
    this.#jump = { seq: record.seq, where };
    if (this.parcel.state.get()) this.parcel.show(record.payload);
    this.#touchNow();
  }

  /** One row on, or the first in sight. */
  selectNext(step: 1 | -1): void {
    const { rows } = this.#window.snapshot();
    const { first, last } = this.#sight;
    const before = step === 1 ? first - 1 : last;
    const index = (this.#selected ? rows.indexOf(this.#selected.seq) : before) + step;
    const record = rows.at(Math.min(rows.count - 1, Math.max(0, index)));
    if (record) this.select(record);
  }

  /** Nothing may move away from under the reader of a parcel. */
  openParcel(record: CapsRecord): void {
    this.select(record);
    this.parcel.show(record.payload);
  }

  closeParcel(): void {
    this.parcel.hide();
    if (this.#window.mode.kind === 'frozen') this.freeze('scrolled');
  }

  search(text: string, look?: Look): void {
    this.#stopReading();
    this.#window.search(text, look);
    this.#window.keep(this.log.get().rows);
    this.#timers.after('search', answerMs, () => {
      this.#window.letGo();
      this.#touchNow();
    });
    this.#count();
    this.need('older');
    this.#touchNow();
  }

  /** Shows what happened between these moments, in milliseconds since 1970; undefined leaves that side open. */
  async choose(from: number | undefined, to: number | undefined): Promise<void> {
    this.#stopReading();
    this.freeze('scrolled');
    await this.ask(async (signal) => {
      const [before, last] = await Promise.all([
        from === undefined ? 0 : seqAt(from - 1, signal),
        to === undefined ? this.#window.head : seqAt(to, signal),
      ]);
      if (signal.aborted) return;
      const text = (moment: number | undefined) =>
        moment === undefined ? undefined : new Date(moment).toISOString();
      this.#selected = undefined;
      this.#window.choose({ from: text(from), to: text(to), first: before + 1, last });
      this.#jump = { seq: before + 1, where: 'middle' };
      this.#count();
    });
  }

  clearFilters(): void {
    this.clearRange();
    this.search('');
  }

  clearRange(): void {
    if (!this.#window.snapshot().range) return;
    this.#stopReading();
    this.#window.choose(undefined);
    this.#count();
    this.need('older');
    this.#touchNow();
  }

  goTo(seq: number): void {
    // What is drawn may be from before the hub said how long the log is.
    this.freeze('scrolled', this.#window.head);
    const near = Math.min(this.#window.head, Math.max(1, seq));
    this.#window.around(near);
    this.#jump = { seq: near, where: 'middle' };
    this.#touchNow();
  }

  /** Asks the hub something for the reader, and says so where that fails. */
  async ask(question: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#reading;
    try {
      await question(signal);
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    }
    this.#touchNow();
  }

  /** Says for a while what came of a wish. */
  say(hint: string): void {
    this.#hint = hint;
    this.announcer.say('hint', () => hint);
    this.#timers.after('hint', hintMs, () => {
      this.#hint = undefined;
      this.log.touch();
    });
    this.#touchNow();
  }

  /** What came of the latest wish is said no longer: there is another one. */
  unsay(): void {
    if (this.#hint === undefined && this.#trouble === undefined) return;
    this.#hint = undefined;
    this.#trouble = undefined;
    this.#touchNow();
  }

  get selected(): CapsRecord | undefined {
    return this.#selected;
  }

  get window(): Pick<LogWindow, 'nextFailure' | 'isWhole'> {
    return this.#window;
  }

  /** The seq from which the next is looked for: of the selected row, else of the first in sight. */
  get place(): number {
    const { rows, total } = this.#window.snapshot();
    return this.#selected?.seq ?? rows.seqAt(Math.max(0, this.#sight.first)) ?? total;
  }

  // ---- what is in sight ----

  /** Rows from index `first` to `last`, which is not among them, are seen. Reads what is missing there. */
  see(first: number, last: number): void {
    this.#sight = { first, last };
    if (!this.#wanted) this.#address.touch();
    if (!this.#isOpening) this.#pages.want(this.#window.missing(first - ahead, last + ahead));
    const { rows, older, newer } = this.#window.snapshot();
    const isFollowing = this.#window.mode.kind === 'following';
    if (older === 'more' && (isFollowing ? first <= 0 : first < fewLeft)) this.need('older');
    if (newer === 'more' && rows.count - last < fewLeft) this.need('newer');
  }

  /** More rows beyond one end are about to be seen. Asking again while they are on their way is harmless. */
  need(way: Way): void {
    const ask = this.#window.ask(way);
    if (!ask) return;
    this.#touchNow();
    const { signal } = this.#reading;
    const { search: q, from, to, place } = ask;
    readEvents({ [way === 'older' ? 'before' : 'after']: place, q, from, to, limit: ask.limit }, signal)
      .then(
        (page) => {
          if (signal.aborted) return;
          this.#trouble = undefined;
          this.#window.answered(ask, page);
          this.announcer.say('found', () => `${countsText(this.#window.snapshot())}.`);
        },
        (error: unknown) => {
          this.#window.failed(ask);
          if (!signal.aborted) this.#failed(error);
        },
      )
      .finally(() => this.#touchNow());
  }

  /** Tries again what could not be read. */
  retry(): void {
    this.#trouble = undefined;
    const { older, newer } = this.#window.snapshot();
    if (older === 'failed') this.need('older');
    if (newer === 'failed') this.need('newer');
    this.#pages.retry();
    this.#touchNow();
  }

  // ---- what the hub says ----

  #welcomed({ epoch, head, reset }: Welcome): void {
    if (this.#window.epoch === epoch && reset === undefined) return;
    if (this.#window.epoch !== undefined) this.#replaced += 1;
    this.#stopReading();
    this.parcel.hide();
    this.#selected = undefined;
    this.pulse.clear();
    this.#window.start(epoch, head);
    this.#count();
    void this.#open();
    this.#touchNow();
  }

  /** Reads the latest of history, for the first rows and the chart; then goes where the address says. */
  async #open(): Promise<void> {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    this.#isOpening = true;
    await this.ask(async (signal) => {
      const { items } = await readEvents({ before: this.#window.opening, limit: openingSize }, signal);
      if (signal.aborted) return;
      this.#window.prepend(items);
      this.pulse.history(items);
    });
    this.#isOpening = false;
    if (!wanted) return;
    const [from, to] = [wanted.from, wanted.to].map((text) => (text ? Date.parse(text) : undefined));
    if (from !== undefined || to !== undefined) await this.choose(from, to);
    if (wanted.at !== undefined) this.goTo(wanted.at);
  }

  #eventsCame(stretch: Stretch): void {
    this.#window.append(stretch.records, stretch.damaged);
    this.pulse.live(stretch.records);
    this.parcel.eventsCame(stretch);
    this.log.touch();
  }

  /** What could not be read without a connection may now be. */
  #stateCame(state: ConnectionState): void {
    if (state.kind === 'live' && this.#trouble !== undefined) this.retry();
  }

  // ---- inside ----

  #readPage(page: number, signal: AbortSignal): Promise<SeqPage> {
    const after = cursorOf(this.#window.epoch ?? '', page * pageSize);
    return readEvents({ after, limit: pageSize }, signal);
  }

  /** Where matches are marked and not gathered, how many there are is asked for by itself. */
  #count(): void {
    const { search, range, found } = this.#window.snapshot();
    if (!this.#window.isWhole || search.trim() === '' || found !== undefined || !this.#window.epoch) return;
    void this.ask(async (signal) => {
      const page = await readEvents({ q: search, from: range?.from, to: range?.to, limit: 1 }, signal);
      if (!signal.aborted) this.#window.counted(page.total);
    });
  }

  #failed(error: unknown): void {
    this.#trouble = messageOf(error);
    this.#touchNow();
  }

  #takeLog(previous: LogState | undefined): LogState {
    const window = this.#window.snapshot();
    const arrived = window.total - (previous?.total ?? window.total);
    if (arrived >= streamMin) this.#timers.after('stream', streamEndsMs, () => this.log.touch());
    if (!this.#wanted) this.#address.touch();
    return {
      ...window,
      isOpen: this.#window.epoch !== undefined,
      trouble: this.#trouble,
      hint: this.#hint,
      replaced: this.#replaced,
      newAfter: arrived > arrivalsMax ? window.total : window.total - arrived,
      isStream: this.#timers.runs('stream'),
      selected: this.#selected,
      jump: this.#jump,
    };
  }

  /** What the address should say now. */
  get address(): Address {
    const { search, look, range, mode } = this.#window.snapshot();
    const at = mode.kind === 'frozen' ? this.place : undefined;
    return { search, look, from: range?.from, to: range?.to, at };
  }

  #touchNow(): void {
    this.log.touch();
    this.#pace.hurry();
  }

  #stopReading(): void {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#pages.stop();
  }
}
