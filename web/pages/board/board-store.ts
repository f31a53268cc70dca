/** The state of the board, outside React: the parcels, the drivers, and what dispatch has just assigned. */

import { isHeld } from '../../../protocol/events.ts';
import { Announcer } from '../../app/announcer.ts';
import { FrameStore } from '../../app/frame-store.ts';
import { hubClock } from '../../app/hub-clock.ts';
import type { Live } from '../../app/live.ts';
import { RenderThrottle } from '../../app/render-throttle.ts';
import type { ParcelDesk } from '../../dispatch/parcel-desk.ts';
import type { StepName } from '../../dispatch/parcel-steps.tsx';
import { ParcelWatch } from '../../dispatch/parcel-watch.ts';
import { Roster } from '../../dispatch/roster.ts';
import { boardWords } from '../../words/board.ts';
import { type AssignmentOutcome, Assignments, type ChosenDriver, type ChosenParcel } from './assignments.ts';
import { BoardFeed } from './board-feed.ts';
import { type BoardRow, BoardRows, type Columns } from './board-rows.ts';
import { type BoardDriver, driversOf } from './drivers.ts';

/** Interval of updates. Nobody reads faster, and a list that scrolls needs the time. */
const everyMs = 250;
/** What becomes late does so without an event. */
const tickMs = 1_000;

export interface BoardState {
  readonly columns: Columns;
  readonly drivers: readonly BoardDriver[];
  readonly pending: ReadonlySet<string>;
  readonly outcome: AssignmentOutcome | undefined;
  readonly list: 'loading' | 'done' | 'failed';
  readonly isFull: boolean;
}

export class BoardStore implements ParcelDesk {
  readonly live: Live;
  readonly announcer = new Announcer();
  readonly parcel = new ParcelWatch();
  readonly roster: Roster;
  readonly board: FrameStore<BoardState>;
  readonly #rows = new BoardRows();
  readonly #feed: BoardFeed;
  readonly #assignments: Assignments;
  readonly #throttle = new RenderThrottle(() => everyMs);
  readonly #second: ReturnType<typeof setInterval>;

  /** @param connect opens the connection at this cursor */
  constructor(connect: (after: Promise<string | undefined>) => Live) {
    this.#feed = new BoardFeed({ rows: this.#rows, changed: () => this.board.touch() });
    this.live = connect(this.#feed.after);
    const { client } = this.live;
    this.#assignments = new Assignments({
      client,
      rowOf: (key) => this.#rows.get(key),
      changed: () => this.#touchNow(),
    });
    this.roster = new Roster(client);
    this.board = new FrameStore((previous) => this.#take(previous), this.#throttle.next);
    this.#feed.follow(client);
    client.on('events', (range) => {
      this.#assignments.recordsCame(range.records);
      this.parcel.eventsCame(range);
    });
    client.on('reset', () => {
      this.parcel.hide();
      this.board.touch();
    });
    client.on('state', (state) => {
      if (state.kind === 'live') this.#feed.retry();
    });
    this.roster.connected.subscribe(() => this.board.touch());
    this.#second = setInterval(() => this.board.touch(), tickMs);
  }

  /** Ends the connection too. Safe to call twice. */
  close(): void {
    clearInterval(this.#second);
    this.#feed.close();
    this.#assignments.close();
    this.announcer.close();
    this.parcel.close();
    this.live.close();
    this.board.close();
    this.roster.close();
  }

  /** The parcel as it is now; undefined once it is finished. */
  row(key: string): BoardRow | undefined {
    return this.#rows.get(key);
  }

  /** Notes whether they are held now, so that `assign` takes none away from who collects it meanwhile. */
  choose(keys: Iterable<string>): readonly ChosenParcel[] {
    return Array.from(keys, (key) => {
      const row = this.#rows.get(key);
      return { key, wasHeld: row !== undefined && isHeld(row.view.status) };
    });
  }

  /** Those of the chosen parcels that would be assigned now. */
  freeOf(parcels: readonly ChosenParcel[]): readonly BoardRow[] {
    return this.#assignments.look(parcels).free;
  }

  async assign(parcels: readonly ChosenParcel[], driver: ChosenDriver): Promise<void> {
    await this.#assignments.assign(parcels, driver);
    const outcome = this.#assignments.outcome;
    if (!outcome) return;
    this.announcer.say('assigned', () =>
      boardWords().outcome.assigned(outcome.assigned.length, driver.name ?? driver.id),
    );
  }

  async take(keys: Iterable<string>, event: StepName): Promise<void> {
    await this.#assignments.take(keys, event);
    const { assigned = [] } = this.#assignments.outcome ?? {};
    if (assigned.length > 0)
      this.announcer.say('assigned', () => boardWords().outcome.taken(assigned.length));
  }

  async undo(): Promise<void> {
    await this.#assignments.undo();
    // What could not be taken back stands in the bar, which speaks for itself.
    const { assigned = [] } = this.#assignments.outcome ?? {};
    if (assigned.length > 0) this.announcer.say('assigned', () => boardWords().outcome.undone);
  }

  dismissOutcome(): void {
    this.#assignments.dismiss();
  }

  retryList(): void {
    this.#feed.retry();
  }

  #take(previous: BoardState | undefined): BoardState {
    const columns = this.#rows.columns(hubClock.now());
    const people = this.roster.connected.get();
    const state: BoardState = {
      columns,
      drivers: keptDrivers(previous?.drivers, driversOf(people, columns, this.#rows.signs)),
      pending: new Set(this.#assignments.pending),
      outcome: this.#assignments.outcome,
      list: this.#feed.state,
      isFull: this.#rows.isFull,
    };
    const isSame =
      previous !== undefined &&
      previous.columns === columns &&
      previous.drivers === state.drivers &&
      previous.outcome === state.outcome &&
      previous.list === state.list;
    return isSame ? previous : state;
  }

  #touchNow(): void {
    this.board.touch();
    this.#throttle.hurry();
  }
}

/** The previous list if nothing in it has changed, so that nothing is drawn anew. */
function keptDrivers(
  before: readonly BoardDriver[] | undefined,
  after: readonly BoardDriver[],
): readonly BoardDriver[] {
  const isSame = before !== undefined && JSON.stringify(before) === JSON.stringify(after);
  return isSame ? before : after;
}
