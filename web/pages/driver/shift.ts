import type { ClientEvents } from '../../../client/client.ts';
import { MoreOffers } from '../../../client/more-offers.ts';
import { DriverRobot } from '../../../client/robot.ts';
import type { Dial } from '../../../client/socketio-wire.ts';
import { isHeld } from '../../../protocol/events.ts';
import { isSameLog, parcelName } from '../../../protocol/ids.ts';
import type { Author, CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import { Announcer } from '../../app/announcer.ts';
import { AutoSwitch } from '../../app/auto.ts';
import { DurableOutbox, type PageStorage } from '../../app/durable-outbox.ts';
import { FrameStore, type Readable } from '../../app/frame-store.ts';
import { Live } from '../../app/live.ts';
import { type KnownParcel, recordOf, withRecord, withView } from '../../app/parcels.ts';
import { wasClicked } from '../../app/recent-click.ts';
import { RenderThrottle } from '../../app/render-throttle.ts';
import { safeSessionStorage } from '../../app/safe-storage.ts';
import { type Timers, workerTimers } from '../../app/timers.ts';
import { driver as words } from '../../words/driver.ts';
import { Actions } from './actions.ts';
import { Bell } from './bell.ts';
import { Claims } from './claims.ts';
import { HeldParcels } from './held-parcels.ts';
import { Offers, placeText } from './offers.ts';
import { type SavedShift, ShiftKeeper, savedShift } from './saved-shift.ts';
import { byUrgency, type InHand, isAtRisk, type Offer, type ShiftState, type Word } from './shift-state.ts';
import { commandOf, type Step, undoOf } from './steps.ts';

/** So many offers are drawn, the first; and so many more whenever somebody asks. */
const offersShown = 50;
/** So many are kept, the first; those behind them are asked for again when they are wanted. */
const offersKept = 1_000;
/** So many are kept for a page that is opened without network. */
const offersSaved = 20;
/** What comes by itself is drawn at most this often: what a person does shows at once. */
const drawEveryMs = 40;
/** What moves has glided to its place by then. */
const autoDrawEveryMs = 300;

/**
 * A driver at the hub, outside React.
 *
 * The feed `board` says what is on offer to everyone, the feed `own` what happens to the parcels that this driver
 * holds or held. A step shows at once and stays pending until the hub has answered; `rev` decides between an
 * answer and the records of the feed, whichever comes first. What is done by hand outlives the page, and so does
 * what was known last: a page that is opened without network goes on where the one before it was.
 */
export class Shift {
  readonly driver: string;
  readonly live: Live;
  readonly announcer = new Announcer();
  readonly bell = new Bell();
  readonly #by: Author;
  readonly #timers: Timers;
  readonly #storage: PageStorage;
  readonly #offers = new Offers();
  readonly #claims: Claims;
  readonly #hands: HeldParcels;
  readonly actions: Actions;
  readonly #robot: DriverRobot<KnownParcel>;
  readonly auto: AutoSwitch;
  readonly #pace: RenderThrottle;
  readonly #state: FrameStore<ShiftState>;
  readonly #closing = new AbortController();
  #epoch: string | undefined;
  #startsAfresh = true;
  /** The hub has told of all that there is. */
  #isKnown = false;
  readonly #more: MoreOffers;
  readonly #keeper: ShiftKeeper;
  #shown = offersShown;
  #onDuty = safeSessionStorage.read('driver.duty') !== 'off';
  #drivesSoon = false;

  /** @param parts other than the usual ones, for tests */
  constructor(driver: string, parts: { dial?: Dial; timers?: Timers; storage?: PageStorage } = {}) {
    this.driver = driver;
    this.#timers = parts.timers ?? workerTimers();
    this.#by = { role: 'driver', id: driver };
    this.#storage = parts.storage ?? new DurableOutbox(`driver\n${driver}`, () => this.#changed());
    this.live = new Live({ role: 'driver', driver }, undefined, parts.dial, this.#storage);
    this.#hands = new HeldParcels({
      ...{ driver, timers: this.#timers, changed: () => this.#changed() },
      news: ({ view }, text) =>
        this.announcer.say('news', () => words().hand.newsOf(view.payload.orderID, text)),
    });
    this.actions = new Actions({
      by: this.#by,
      client: this.live.client,
      hands: this.#hands,
      announcer: this.announcer,
      offered: (key) => this.#offers.get(key),
      taken: (key) => this.#offers.delete(key),
      changed: () => this.#changed(),
    });
    this.#claims = new Claims({
      client: this.live.client,
      timers: this.#timers,
      announcer: this.announcer,
      won: ({ key, known, command, answer, byHand }) => {
        const word = byHand ? undoOf(command, { rev: answer.rev }) : undefined;
        this.#hold(key, this.#after(recordOf(command, answer, this.#by, known.view)), word);
      },
      lost: (key) => this.#offers.delete(key),
      changed: () => this.#changed(),
    });
    this.#robot = new DriverRobot({
      timers: this.#timers,
      chance: Math.random,
      claim: (known) => void this.#claims.ask(known, false),
      step: (key, event) => this.#step(key, { event }, false),
    });
    this.auto = new AutoSwitch({ page: 'driver', timers: this.#timers, changed: () => this.#changed() });
    this.#more = new MoreOffers({
      client: this.live.client,
      known: () => this.#offers.size,
      came: (items) => this.#offersCame(items),
      changed: () => this.#changed(),
    });
    this.#pace = new RenderThrottle(() => (this.auto.isRunning ? autoDrawEveryMs : drawEveryMs));
    this.#state = new FrameStore(() => this.#take(), this.#pace.next);
    this.#keeper = new ShiftKeeper({
      timers: this.#timers,
      shift: () => this.#saved(),
      isAtRisk: () => this.#state.get().unsaved > 0,
      signal: this.#closing.signal,
    });
    this.#remember();
    this.#listen();
    this.live.client.duty(this.#onDuty ? 'on' : 'off');
  }

  #listen(): void {
    const { client } = this.live;
    client.on('welcome', ({ epoch }) => {
      if (this.#epoch !== undefined && !isSameLog(this.#epoch, epoch)) this.#hands.forget();
      this.#epoch = epoch;
      this.#startsAfresh = true;
    });
    client.on('parcels', ({ items, more }) => this.#parcelsCame(items, more));
    client.on('events', (stretch) => this.#eventsCame(stretch));
    client.on('left', (left) => this.actions.leftCame(left));
    client.on('state', ({ kind }) => {
      if (kind === 'live') void this.auto.decide();
      if (kind === 'catching-up') this.actions.nowSent();
      this.#changed();
    });
  }

  get state(): Readable<ShiftState> {
    return this.#state;
  }

  /** Safe to call twice. */
  close(): void {
    if (!this.#isClosed) this.#keeper.save();
    this.#closing.abort();
    this.actions.close();
    this.#claims.close();
    this.auto.close();
    this.#timers.close();
    this.live.close();
    this.announcer.close();
    this.bell.close();
    this.#state.close();
  }

  setDuty(on: boolean): void {
    this.#onDuty = on;
    safeSessionStorage.write('driver.duty', on ? 'on' : 'off');
    this.live.client.duty(on ? 'on' : 'off');
    this.#changed();
  }

  /** Draws more of the offers. */
  showMore(): void {
    this.#shown += offersShown;
    this.#changed();
  }

  // ---- steps by hand ----

  /** @param known as it was drawn: it may be gone since, and then the hub says who has it */
  claim(known: KnownParcel): void {
    this.#robot.touch(parcelName(known.view.payload));
    void this.#claims.ask(known, true);
  }

  /** Takes a parcel that nobody has claimed: it counts if that is still so when the hub hears of it. */
  pickUp(known: KnownParcel): void {
    const key = parcelName(known.view.payload);
    this.#robot.touch(key);
    this.actions.act(key, known, commandOf({ event: 'in-transit' }, known.view.payload), true);
  }

  step(key: string, step: Step): void {
    this.#robot.touch(key);
    this.#step(key, step, true);
  }

  /** Somebody is about to decide about a parcel: auto deliver is not to be faster. */
  leaveAlone(key: string): void {
    this.#robot.touch(key);
    this.#changed();
  }

  undo(key: string): void {
    this.#robot.touch(key);
    this.actions.undo(key);
  }

  /** Takes the word off a parcel. */
  acknowledge(key: string): void {
    const hand = this.#hands.get(key);
    if (hand) this.#hands.set(key, { ...hand, word: undefined });
  }

  // ---- what the hub tells ----

  #parcelsCame(items: readonly ParcelView[], more: boolean): void {
    if (this.#startsAfresh) {
      // What this page knew is of before; the pages that begin here are all there is.
      this.#startsAfresh = false;
      this.#offers.clear();
      this.#hands.beginStart();
    }
    for (const view of items) {
      const key = parcelName(view.payload);
      const hand = this.#hands.get(key);
      if (view.status === 'ready') this.#offers.set(withView(this.#offers.get(key), view));
      if (view.status !== 'ready' || hand) this.#hold(key, withView(hand?.known, view));
    }
    if (!more) {
      this.#hands.endStart();
      this.#isKnown = true;
    }
    this.#changed();
  }

  /** More of what is on offer, unless this page knows better by now. */
  #offersCame(items: readonly ParcelView[]): void {
    for (const view of items) {
      const key = parcelName(view.payload);
      const hand = this.#hands.get(key)?.known.view;
      if (!hand || hand.rev < view.rev) this.#offers.set(withView(this.#offers.get(key), view));
    }
  }

  #eventsCame({ feed, records, gone }: ClientEvents['events']): void {
    if (feed === 'board') {
      for (const record of records) this.#offered(record);
      for (const parcel of gone) this.#offers.delete(parcelName(parcel));
    } else {
      for (const record of records) {
        this.#hold(parcelName(record.payload), this.#after(record));
        this.#hands.hear(record);
      }
    }
    this.#changed();
  }

  #after(record: CapsRecord): KnownParcel {
    const key = parcelName(record.payload);
    return withRecord(this.#hands.get(key)?.known ?? this.#offers.get(key), record);
  }

  #offered(record: CapsRecord): void {
    const key = parcelName(record.payload);
    const hand = this.#hands.get(key)?.known;
    if (hand && this.#hands.isMine(hand.view) && hand.view.rev >= record.rev) return;
    this.#offers.set(withRecord(this.#offers.get(key) ?? hand, record));
    if (!this.#onDuty || this.auto.isRunning) return;
    this.bell.ring();
    this.announcer.say('offers', () => words().offers.count(this.#more.count));
  }

  /** A parcel that this driver has to do with, as it is now. */
  #hold(key: string, known: KnownParcel, word?: Word): void {
    if (!this.#hands.learn(key, known, word)) return;
    this.#offers.delete(key);
    this.#claims.delete(key);
  }

  // ---- commands ----

  #step(key: string, step: Step, byHand: boolean): void {
    const hand = this.#hands.get(key);
    if (hand) this.actions.act(key, hand.known, commandOf(step, hand.known.view.payload), byHand);
  }

  // ---- what outlives a page ----

  #remember(): void {
    const saved = savedShift(this.driver);
    if (!saved) return;
    this.#epoch = saved.epoch;
    for (const { known, notes } of saved.hands) this.#hands.remember(known, notes);
    for (const known of saved.offers) this.#offers.set(known);
  }

  #saved(): SavedShift {
    const hands = Array.from(this.#hands, ([, { known, notes }]) => ({ known, notes }));
    const offers = this.#offers.first(offersSaved);
    return { driver: this.driver, epoch: this.#epoch, hands, offers };
  }

  // ---- auto deliver ----

  /** Once in this turn, after all its changes: a claim made in the middle of them would count too little. */
  #driveSoon(): void {
    if (this.#drivesSoon) return;
    this.#drivesSoon = true;
    queueMicrotask(() => {
      this.#drivesSoon = false;
      if (!this.#isClosed) this.#drive();
    });
  }

  #drive(): void {
    if (!this.auto.isRunning || !this.#onDuty || this.live.client.state.kind !== 'live') {
      this.#robot.rest();
      return;
    }
    const mine = Array.from(this.#hands).filter(([, { known }]) => this.#hands.isMine(known.view));
    this.#robot.drive({
      inHand: new Map(
        mine.map(([key, { known, pending }]) => [key, { view: known.view, isPending: pending.length > 0 }]),
      ),
      claiming: this.#claims.unanswered,
      first: (most, passes) => this.#offers.first(most, (key) => !this.#claims.has(key) && passes(key)),
    });
  }

  // ---- the state ----

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  #changed(): void {
    if (this.#isClosed) return;
    this.#offers.keep(offersKept);
    this.#more.want(this.#open(this.#shown).length, this.#shown);
    this.#driveSoon();
    this.#keeper.soon();
    this.#state.touch();
    if (wasClicked()) this.#pace.hurry();
  }

  /** The first offers that nobody here is taking. */
  #open(most: number): KnownParcel[] {
    return this.#offers.first(most, (key) => !this.#claims.has(key) && !this.#hands.isPending(key));
  }

  #take(): ShiftState {
    const open = this.#open(this.#shown);
    const claimed = this.#claims.keys.filter((key) => this.#offers.get(key));
    const pending = Array.from(this.#hands).filter(
      ([key]) => this.#hands.isPending(key) && !this.#claims.has(key) && this.#offers.get(key),
    );
    const offers: Offer[] = open.map((known) => ({ known, state: 'open' }));
    offers.push(...this.#claims.all);
    offers.sort((a, b) => (placeText(a.known) < placeText(b.known) ? -1 : 1));
    const inHand = this.#inHand();
    return {
      isKnown: this.#isKnown,
      offers,
      moreOffers: Math.max(0, this.#more.count - open.length - claimed.length - pending.length),
      inHand,
      held: this.#hands.held,
      claimed: inHand.filter(({ status }) => status === 'claimed').length,
      carried: inHand.filter(({ status }) => isHeld(status) && status !== 'claimed').length,
      refused: this.actions.refused,
      onDuty: this.#onDuty,
      auto: this.auto.state,
      isKeeping: this.#storage.isKeeping,
      unsaved: inHand.flatMap((item) => item.pending).filter(isAtRisk).length,
    };
  }

  #inHand(): InHand[] {
    const all = Array.from(this.#hands, ([key, { known, pending: steps, notes, word }]): InHand => {
      const pending = steps.map((one) => ({ ...one, isSaved: this.#storage.isSaved(one.id) }));
      const status = pending.findLast(({ leadsTo }) => leadsTo !== undefined)?.leadsTo;
      const next = this.#robot.plan(key);
      return { key, known, status: status ?? known.view.status, pending, notes, word, next };
    });
    return byUrgency(all);
  }
}
