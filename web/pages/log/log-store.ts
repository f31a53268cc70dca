/**
 * The state of the log page, outside React. Joins the live feed, history and the reader's commands in one window, and
 * publishes snapshots. Components read the stores below and call the methods.
 */

import type { ConnectionState } from '../../../client/client.ts';
import type { FeedRange } from '../../../client/places.ts';
import type { CapsRecord, Welcome } from '../../../protocol/messages.ts';
import { Announcer } from '../../app/announcer.ts';
import { FrameStore } from '../../app/frame-store.ts';
import type { Live } from '../../app/live.ts';
import { RenderThrottle } from '../../app/render-throttle.ts';
import { seqAt } from '../../dispatch/history.ts';
import { ParcelWatch } from '../../dispatch/parcel-watch.ts';
import { Roster } from '../../dispatch/roster.ts';
import { logWords } from '../../words/log.ts';
import { type Address, AddressKeeper } from './address.ts';
import type { Jump, LogState } from './log-state.ts';
import { type FreezeReason, LogWindow, type SearchMode } from './log-window.ts';
import { NamedTimers } from './named-timers.ts';
import { RowCursor } from './row-cursor.ts';
import { Throughput } from './throughput.ts';
import { UrgentNotes } from './urgent-notes.ts';
import { WindowReader } from './window-reader.ts';
import { countsText } from './window-text.ts';

/** Interval of updates while following. */
const rowsEveryMs = 100;
/** Interval while frozen: only the number of new events changes. */
const countEveryMs = 1_000;
/** Up to this many new rows per update are marked as new. */
const arrivalsMax = 5;
/** From this many new rows per update on, the log is a stream: no row stays long enough to be read. */
const streamMin = 40;
const streamEndsMs = 1_500;
const hintMs = 5_000;
/** A search keeps the previous rows for this long, to avoid a flicker. */
const answerMs = 250;

export class LogStore {
  readonly live: Live;
  readonly announcer = new Announcer();
  readonly parcel = new ParcelWatch();
  readonly urgent = new UrgentNotes();
  readonly log: FrameStore<LogState>;
  readonly throughput = new Throughput(() => this.#window.mode);
  readonly roster: Roster;

  readonly #window = new LogWindow();
  readonly #throttle = new RenderThrottle(() =>
    this.#window.mode.kind === 'frozen' ? countEveryMs : rowsEveryMs,
  );
  readonly #history: WindowReader;
  readonly #cursor = new RowCursor();
  readonly #address = new AddressKeeper(() => this.address);
  readonly #timers = new NamedTimers<'stream' | 'hint' | 'search'>();
  /** The address that the page was opened with. */
  #initialAddress: Address | undefined;
  #hint: string | undefined;
  #replaced = 0;

  constructor(live: Live, address: Address) {
    this.live = live;
    this.#initialAddress = address;
    this.#window.search(address.search, address.searchMode);
    this.#history = new WindowReader({
      window: this.#window,
      found: () =>
        this.announcer.say('found', () => logWords().asSentence(countsText(this.#window.snapshot()))),
      changed: () => this.#touchNow(),
    });
    this.log = new FrameStore((previous) => this.#takeLog(previous), this.#throttle.next);
    this.roster = new Roster(live.client);

    live.client.on('welcome', (welcome) => this.#welcomed(welcome));
    live.client.on('events', (stretch) => this.#eventsCame(stretch));
    live.client.on('state', (state) => this.#stateCame(state));
  }

  /** Ends the connection too. Safe to call twice. */
  close(): void {
    this.#timers.close();
    this.#history.stop();
    this.#address.close();
    this.announcer.close();
    this.parcel.close();
    this.urgent.close();
    this.live.close();
    for (const store of [this.log, this.throughput, this.roster]) store.close();
  }

  // ---- commands of the reader ----

  freeze(why: FreezeReason, at = this.log.get().total): void {
    if (this.#window.mode.kind === 'following') this.announcer.say('mode', () => logWords().announced.paused);
    this.#window.freeze(why, at);
    this.#touchNow();
  }

  resume(): void {
    if (this.#window.mode.kind === 'frozen') this.announcer.say('mode', () => logWords().announced.following);
    this.#cursor.deselect();
    if (this.#window.snapshot().range) this.#history.stop();
    this.#window.resume();
    this.#history.count();
    this.throughput.touch();
    this.#touchNow();
  }

  /** Selects a row, scrolls to it, and shows its parcel if the panel is open. */
  select(record: CapsRecord, where: Jump['where'] = 'nearest'): void {
    this.freeze('reading');
    if (where === 'middle') this.#window.around(record.seq);
    this.#cursor.select(record, where);
    if (this.parcel.state.get()) this.parcel.show(record.payload);
    this.#touchNow();
  }

  /** Selects the next row, or the first visible one. */
  selectNext(step: 1 | -1): void {
    const record = this.#cursor.next(this.#window.snapshot().rows, step);
    if (record) this.select(record);
  }

  /** Opens the panel. The list freezes, so that the row stays. */
  openParcel(record: CapsRecord): void {
    this.select(record);
    this.parcel.show(record.payload);
  }

  closeParcel(): void {
    this.parcel.hide();
    if (this.#window.mode.kind === 'frozen') this.freeze('scrolled');
  }

  search(text: string, mode?: SearchMode): void {
    this.#history.stop();
    this.#window.search(text, mode);
    this.#window.keepPreviousRows(this.log.get().rows);
    this.#timers.after('search', answerMs, () => {
      this.#window.dropPreviousRows();
      this.#touchNow();
    });
    this.#history.count();
    this.#history.need('older');
    this.#touchNow();
  }

  /** Shows a time range, in milliseconds since 1970; undefined leaves that side open. */
  async choose(from: number | undefined, to: number | undefined): Promise<void> {
    this.#history.stop();
    this.freeze('scrolled');
    await this.ask(async (signal) => {
      const [before, last] = await Promise.all([
        from === undefined ? 0 : seqAt(from - 1, signal),
        to === undefined ? this.#window.head : seqAt(to, signal),
      ]);
      if (signal.aborted) return;
      const text = (moment: number | undefined) =>
        moment === undefined ? undefined : new Date(moment).toISOString();
      this.#cursor.deselect();
      this.#window.choose({ from: text(from), to: text(to), first: before + 1, last });
      this.#cursor.goTo(before + 1);
      this.#history.count();
    });
  }

  clearFilters(): void {
    this.clearRange();
    this.search('');
  }

  clearRange(): void {
    if (!this.#window.snapshot().range) return;
    this.#history.stop();
    this.#window.choose(undefined);
    this.#history.count();
    this.#history.need('older');
    this.#touchNow();
  }

  goTo(seq: number): void {
    // The snapshot may be older than the hub's welcome, so use the head.
    this.freeze('scrolled', this.#window.head);
    const near = Math.min(this.#window.head, Math.max(1, seq));
    this.#window.around(near);
    this.#cursor.goTo(near);
    this.#touchNow();
  }

  /** Asks the hub something for the reader, and reports a failure. */
  ask(question: (signal: AbortSignal) => Promise<void>): Promise<void> {
    return this.#history.ask(question);
  }

  /** Shows a hint for a while. */
  say(hint: string): void {
    this.#hint = hint;
    this.announcer.say('hint', () => hint);
    this.#timers.after('hint', hintMs, () => {
      this.#hint = undefined;
      this.log.touch();
    });
    this.#touchNow();
  }

  /** Removes the hint: the reader has given another command. */
  unsay(): void {
    if (this.#hint === undefined && this.#history.trouble === undefined) return;
    this.#hint = undefined;
    this.#history.forgetTrouble();
    this.#touchNow();
  }

  get selected(): CapsRecord | undefined {
    return this.#cursor.selected;
  }

  get window(): Pick<LogWindow, 'nextFailure' | 'isWhole'> {
    return this.#window;
  }

  /** Seq of the selected row, else of the first visible one. */
  get position(): number {
    const { rows, total } = this.#window.snapshot();
    return this.#cursor.seqIn(rows) ?? total;
  }

  /** Rows from index `first` to `last`, exclusive, are visible. */
  see(first: number, last: number): void {
    this.#cursor.see(first, last);
    if (!this.#initialAddress) this.#address.touch();
    this.#history.see(first, last);
  }

  /** Retries a failed read. */
  retry(): void {
    this.#history.retry();
  }

  // ---- messages of the hub ----

  #welcomed({ epoch, head, reset }: Welcome): void {
    if (this.#window.epoch === epoch && reset === undefined) return;
    if (this.#window.epoch !== undefined) this.#replaced += 1;
    this.#history.stop();
    this.parcel.hide();
    this.#cursor.deselect();
    this.throughput.clear();
    this.urgent.restart();
    this.#window.start(epoch, head);
    this.#history.count();
    void this.#open();
    this.#touchNow();
  }

  /** Reads the latest history for the first rows and the chart, then goes to the position in the address. */
  async #open(): Promise<void> {
    const wanted = this.#initialAddress;
    this.#initialAddress = undefined;
    await this.#history.open((items) => this.throughput.history(items));
    if (!wanted) return;
    const [from, to] = [wanted.from, wanted.to].map((text) => (text ? Date.parse(text) : undefined));
    if (from !== undefined || to !== undefined) await this.choose(from, to);
    if (wanted.at !== undefined) this.goTo(wanted.at);
  }

  #eventsCame(stretch: FeedRange): void {
    this.#window.append(stretch.records, stretch.damaged);
    this.throughput.live(stretch.records);
    this.parcel.eventsCame(stretch);
    this.urgent.add(stretch.records);
    this.log.touch();
  }

  /** Retries failed reads once the connection is back. */
  #stateCame(state: ConnectionState): void {
    if (state.kind !== 'live') return;
    if (this.#history.trouble !== undefined) this.retry();
    void this.urgent.read();
  }

  // ---- inside ----

  #takeLog(previous: LogState | undefined): LogState {
    const window = this.#window.snapshot();
    const arrived = window.total - (previous?.total ?? window.total);
    if (arrived >= streamMin) this.#timers.after('stream', streamEndsMs, () => this.log.touch());
    if (!this.#initialAddress) this.#address.touch();
    return {
      ...window,
      isOpen: this.#window.epoch !== undefined,
      trouble: this.#history.trouble,
      hint: this.#hint,
      replaced: this.#replaced,
      newAfter: arrived > arrivalsMax ? window.total : window.total - arrived,
      isStream: this.#timers.runs('stream'),
      selected: this.#cursor.selected,
      jump: this.#cursor.jump,
    };
  }

  /** The state for the address bar. */
  get address(): Address {
    const { search, searchMode, range, mode } = this.#window.snapshot();
    const at = mode.kind === 'frozen' ? this.position : undefined;
    return { search, searchMode, from: range?.from, to: range?.to, at };
  }

  #touchNow(): void {
    this.log.touch();
    this.#throttle.hurry();
  }
}
