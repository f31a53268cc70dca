import type { ClientEvents, NewCommand } from '../../../client/client.ts';
import type { Dial } from '../../../client/wire.ts';
import type { WireError } from '../../../protocol/errors.ts';
import type { By, CapsRecord, ParcelView, Status } from '../../../protocol/messages.ts';
import { isHeld } from '../../../protocol/parcel.ts';
import { Announcer } from '../../announcer.ts';
import { keepAuto, startsAuto } from '../../auto.ts';
import { FrameStore, type Readable } from '../../frame-store.ts';
import { keptInTab } from '../../kept.ts';
import { Live } from '../../live.ts';
import { type Known, keyText, recordOf, withRecord, withView } from '../../parcels.ts';
import { type Timers, workerTimers } from '../../timers.ts';
import { AutoDeliver } from './auto-deliver.ts';
import { Offers, placeText } from './offers.ts';
import type { InHand, Offer, ShiftState, Word } from './shift-state.ts';
import { commandOf, doneWords, type Step, statusAfter } from './steps.ts';

/** So many offers are drawn, the oldest. */
const offersShown = 50;
const undoMs = 5_000;
/** How long a lost offer says who has it, and a parcel that went away says why. */
const newsMs = 6_000;

/** A parcel that this driver holds, held, or is taking a step on. */
interface Hand {
  readonly known: Known;
  /** Where the steps without an answer lead to, in the order of sending; undefined: to what was before. */
  readonly pending: readonly (Status | undefined)[];
  readonly word?: Word | undefined;
}

/**
 * A driver at the hub, outside React.
 *
 * The feed `board` says what is on offer to everyone, the feed `own` what happens to the parcels that this driver
 * holds or held. A step shows at once and stays pending until the hub has answered; `rev` decides between an
 * answer and the records of the feed, whichever comes first.
 */
export class Shift {
  readonly driver: string;
  readonly live: Live;
  readonly announcer = new Announcer();
  readonly #by: By;
  readonly #timers: Timers;
  readonly #offers = new Offers();
  /** Offers that are being claimed, or were lost and say so: they keep their place meanwhile. */
  readonly #claims = new Map<string, Offer>();
  readonly #hands = new Map<string, Hand>();
  readonly #autoDeliver: AutoDeliver;
  readonly #state: FrameStore<ShiftState>;
  #startsAfresh = true;
  #onDuty = keptInTab.read('driver.duty') !== 'off';
  #auto: boolean | undefined;
  #drivesSoon = false;
  #closed = false;

  /** @param parts other than the usual ones, for tests */
  constructor(driver: string, parts: { dial?: Dial; timers?: Timers } = {}) {
    this.driver = driver;
    this.#timers = parts.timers ?? workerTimers();
    this.#by = { role: 'driver', id: driver };
    this.live = new Live({ role: 'driver', driver }, undefined, parts.dial);
    this.#autoDeliver = new AutoDeliver({
      timers: this.#timers,
      chance: Math.random,
      claim: (known) => void this.#claim(known, false),
      step: (key, event) => void this.#step(key, { event }, false),
    });
    this.#state = new FrameStore(() => this.#take());
    const { client } = this.live;
    client.duty(this.#onDuty ? 'on' : 'off');
    client.on('welcome', () => {
      this.#startsAfresh = true;
    });
    client.on('parcels', ({ items }) => this.#parcelsCame(items));
    client.on('events', (stretch) => this.#eventsCame(stretch));
    client.on('state', ({ kind }) => {
      if (kind === 'live' && this.#auto === undefined) void this.#decideAuto();
      this.#changed();
    });
    void this.#decideAuto();
  }

  get state(): Readable<ShiftState> {
    return this.#state;
  }

  /** Safe to call twice. */
  close(): void {
    this.#closed = true;
    this.#timers.close();
    this.live.close();
    this.announcer.close();
    this.#state.close();
  }

  setDuty(on: boolean): void {
    this.#onDuty = on;
    keptInTab.write('driver.duty', on ? 'on' : 'off');
    this.live.client.duty(on ? 'on' : 'off');
    this.#changed();
  }

  setAuto(on: boolean): void {
    keepAuto('driver', on);
    this.#auto = on;
    this.#changed();
  }

  // ---- steps by hand ----

  /** @param known as it was drawn: it may be gone since, and then the hub says who has it */
  claim(known: Known): void {
    this.#autoDeliver.touch(keyText(known.view.payload));
    void this.#claim(known, true);
  }

  step(key: string, step: Step): void {
    this.#autoDeliver.touch(key);
    void this.#step(key, step, true);
  }

  /** Somebody is about to decide about a parcel: auto deliver is not to be faster. */
  leaveAlone(key: string): void {
    this.#autoDeliver.touch(key);
    this.#changed();
  }

  /** Takes the latest step back. */
  undo(key: string): void {
    const hand = this.#hands.get(key);
    if (hand?.word?.kind !== 'undo') return;
    this.#autoDeliver.touch(key);
    const { store, orderID } = hand.known.view.payload;
    const { rev } = hand.word;
    void this.#act(
      key,
      { event: 'corrected', payload: { store, orderID }, details: { rev } },
      undefined,
      true,
    );
  }

  /** Takes the word off a parcel. */
  acknowledge(key: string): void {
    const hand = this.#hands.get(key);
    if (hand) this.#setHand(key, { ...hand, word: undefined });
  }

  // ---- what the hub tells ----

  #parcelsCame(items: readonly ParcelView[]): void {
    if (this.#startsAfresh) {
      // What this page knew is of before; the pages that begin here are all there is.
      this.#startsAfresh = false;
      this.#offers.clear();
      for (const [key, { pending }] of this.#hands) if (pending.length === 0) this.#hands.delete(key);
    }
    for (const view of items) {
      const key = keyText(view.payload);
      if (view.status === 'ready') this.#offers.set(withView(this.#offers.get(key), view));
      else this.#hold(key, withView(this.#hands.get(key)?.known, view));
    }
    this.#changed();
  }

  #eventsCame({ feed, records, gone }: ClientEvents['events']): void {
    if (feed === 'board') {
      for (const record of records) this.#offered(record);
      for (const parcel of gone) this.#offers.delete(keyText(parcel));
    } else {
      for (const record of records) this.#hold(keyText(record.payload), this.#after(record));
    }
    this.#changed();
  }

  #after(record: CapsRecord): Known {
    const key = keyText(record.payload);
    return withRecord(this.#hands.get(key)?.known ?? this.#offers.get(key), record);
  }

  #offered(record: CapsRecord): void {
    const key = keyText(record.payload);
    const hand = this.#hands.get(key)?.known;
    if (hand && this.#isMine(hand.view) && hand.view.rev >= record.rev) return;
    this.#offers.set(withRecord(this.#offers.get(key) ?? hand, record));
  }

  /** A parcel that this driver has to do with, as it is now. */
  #hold(key: string, known: Known, word?: Word): void {
    const hand = this.#hands.get(key);
    if (this.#isMine(known.view)) {
      this.#offers.delete(key);
      this.#claims.delete(key);
      this.#setHand(key, { pending: [], ...hand, known, word: word ?? hand?.word });
      return;
    }
    if (!hand || hand.known === known) return;
    const news = this.#isMine(hand.known.view) ? this.#whyItLeft(known.view) : undefined;
    this.#setHand(key, {
      ...hand,
      known,
      word: news === undefined ? hand.word : { kind: 'news', text: news },
    });
  }

  /** Words for a parcel that somebody else took out of this driver's hands. */
  #whyItLeft({ status, holder }: ParcelView): string | undefined {
    if (status === 'cancelled') return 'The shop called this one off.';
    if (status === 'ready') return 'This one is on offer again.';
    if (status === 'returned') return 'The shop has this one again.';
    if (holder && isHeld(status)) return `Dispatch gave this one to ${holder.name ?? holder.id}.`;
    return undefined;
  }

  #isMine({ status, holder }: ParcelView): boolean {
    return isHeld(status) && holder?.id === this.driver;
  }

  // ---- commands ----

  async #claim(known: Known, byHand: boolean): Promise<void> {
    const { store, orderID } = known.view.payload;
    const key = keyText({ store, orderID });
    if (this.#claims.has(key)) return;
    this.#claims.set(key, { known, state: 'claiming' });
    this.#changed();
    const command: NewCommand = { event: 'claimed', payload: { store, orderID } };
    const answer = await this.live.client.command(command);
    if (this.#closed) return;
    if (answer.ok) {
      this.#claims.delete(key);
      const word = byHand ? undoOf(command, answer.rev) : undefined;
      this.#hold(key, this.#after(recordOf(command, answer, this.#by, known.view)), word);
    } else {
      // Losing a race is an ordinary thing: the offer says who was first, and the next one is below.
      this.#offers.delete(key);
      if (byHand) this.#lose(key, known, whyLost(answer.error));
      else this.#claims.delete(key);
    }
    this.#changed();
  }

  #lose(key: string, known: Known, text: string): void {
    const lost: Offer = { known, state: 'lost', text };
    this.#claims.set(key, lost);
    this.announcer.say('lost', () => `Order ${known.view.payload.orderID} is no longer on offer.`);
    this.#timers.after(newsMs, () => {
      if (this.#claims.get(key) !== lost) return;
      this.#claims.delete(key);
      this.#changed();
    });
  }

  async #step(key: string, step: Step, byHand: boolean): Promise<void> {
    const hand = this.#hands.get(key);
    if (hand) await this.#act(key, commandOf(step, hand.known.view.payload), statusAfter(step), byHand);
  }

  /**
   * Sends one step on a parcel in hand.
   * @param leadsTo the status shown until the answer is there; undefined where that is not known
   */
  async #act(key: string, command: NewCommand, leadsTo: Status | undefined, byHand: boolean): Promise<void> {
    const before = this.#hands.get(key);
    if (!before) return;
    this.#setHand(key, { ...before, pending: [...before.pending, leadsTo], word: undefined });
    const answer = await this.live.client.command(command);
    // It is still there, because a parcel with a pending step stays.
    const hand = this.#hands.get(key);
    if (this.#closed || !hand) return;
    // Commands are answered in the order in which they were sent.
    const pending = hand.pending.slice(1);
    if (answer.ok) {
      const known = withRecord(hand.known, recordOf(command, answer, this.#by, hand.known.view));
      const word = byHand ? undoOf(command, answer.rev) : undefined;
      this.#setHand(key, { ...hand, known, pending, word });
    } else {
      // Auto deliver is refused where another page of this driver was faster: no news to anybody.
      const word: Word | undefined = byHand ? { kind: 'refused', text: answer.error.message } : undefined;
      this.#setHand(key, { ...hand, pending, word: hand.word ?? word });
    }
  }

  // ---- auto deliver ----

  async #decideAuto(): Promise<void> {
    try {
      const on = await startsAuto('driver');
      if (this.#auto !== undefined || this.#closed) return;
      this.#auto = on;
      this.#changed();
    } catch {
      // The hub cannot be asked yet; it is asked again when the connection is live.
    }
  }

  /** Once in this turn, after all its changes: a claim made in the middle of them would count too little. */
  #driveSoon(): void {
    if (this.#drivesSoon) return;
    this.#drivesSoon = true;
    queueMicrotask(() => {
      this.#drivesSoon = false;
      if (!this.#closed) this.#drive();
    });
  }

  #drive(): void {
    if (this.#auto !== true || !this.#onDuty || this.live.client.state.kind !== 'live') {
      this.#autoDeliver.rest();
      return;
    }
    const mine = Array.from(this.#hands).filter(([, { known }]) => this.#isMine(known.view));
    const claims = Array.from(this.#claims.values());
    this.#autoDeliver.drive({
      inHand: new Map(
        mine.map(([key, { known, pending }]) => [key, { view: known.view, isPending: pending.length > 0 }]),
      ),
      claiming: claims.filter(({ state }) => state === 'claiming').length,
      oldest: (most, passes) => this.#offers.oldest(most, (key) => !this.#claims.has(key) && passes(key)),
    });
  }

  // ---- the state ----

  /** Keeps a parcel as long as it is this driver's or something about it is to be seen. */
  #setHand(key: string, hand: Hand): void {
    const { known, pending, word } = hand;
    if (word && word !== this.#hands.get(key)?.word) this.#endLater(key, word);
    if (this.#isMine(known.view) || pending.length > 0 || word) this.#hands.set(key, hand);
    else this.#hands.delete(key);
    this.#changed();
  }

  #endLater(key: string, word: Word): void {
    this.#timers.after(word.kind === 'undo' ? undoMs : newsMs, () => {
      const hand = this.#hands.get(key);
      if (hand?.word === word) this.#setHand(key, { ...hand, word: undefined });
    });
  }

  #held(): number {
    return Array.from(this.#hands.values()).filter(({ known }) => this.#isMine(known.view)).length;
  }

  #changed(): void {
    if (this.#closed) return;
    this.#driveSoon();
    this.#state.touch();
  }

  #take(): ShiftState {
    const open = this.#offers.oldest(offersShown, (key) => !this.#claims.has(key));
    const claimed = Array.from(this.#claims.keys()).filter((key) => this.#offers.get(key));
    const offers: Offer[] = open.map((known) => ({ known, state: 'open' }));
    offers.push(...this.#claims.values());
    offers.sort((a, b) => (placeText(a.known) < placeText(b.known) ? -1 : 1));
    return {
      offers,
      moreOffers: this.#offers.size - open.length - claimed.length,
      inHand: Array.from(this.#hands, ([key, hand]) => this.#inHand(key, hand)),
      held: this.#held(),
      onDuty: this.#onDuty,
      auto: this.#auto,
    };
  }

  #inHand(key: string, { known, pending, word }: Hand): InHand {
    return {
      key,
      known,
      status: pending.findLast((status) => status !== undefined) ?? known.view.status,
      isPending: pending.length > 0,
      word,
      next: this.#autoDeliver.plan(key),
    };
  }
}

function undoOf({ event }: NewCommand, rev: number): Word | undefined {
  const text = doneWords[event];
  return text === undefined ? undefined : { kind: 'undo', text, rev };
}

function whyLost({ code, message, details }: WireError): string {
  const by = details?.['by'];
  if (code === 'taken' && typeof by === 'string') return `Taken by ${by}.`;
  return code === 'wrong-status' ? 'No longer on offer.' : message;
}
