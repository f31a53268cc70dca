import { isHeld } from '../../../protocol/events.ts';
import { parcelName } from '../../../protocol/ids.ts';
import { limits } from '../../../protocol/limits.ts';
import type { CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import type { Timers } from '../../app/timers.ts';
import { driver } from '../../words/driver.ts';
import { noteIn, withNotes } from './notes.ts';
import { isQuiet, type Note, type Pending, type Word } from './shift-state.ts';

/** How long a step says that it was done, and a parcel that went away why. */
const newsMs = { undo: 5_000, news: 6_000 } as const;
/** After that a step can still be taken back quietly: the hub lets it be corrected for two minutes. */
const quietMs = limits.correctMs - newsMs.undo - 5_000;

/** A parcel that this driver holds, held, or is taking a step on. */
export interface HeldParcel {
  readonly known: KnownParcel;
  readonly pending: readonly Pending[];
  readonly notes: readonly Note[];
  readonly word?: Word | undefined;
}

interface HeldParcelsParts {
  readonly driver: string;
  readonly timers: Timers;
  /** Somebody else has changed what is in hand. */
  readonly news: (known: KnownParcel, text: string) => void;
  readonly changed: () => void;
}

/** The parcels of one driver: kept as long as they are theirs, or something about them is to be seen. */
export class HeldParcels implements Iterable<[string, HeldParcel]> {
  readonly #parts: HeldParcelsParts;
  readonly #byKey = new Map<string, HeldParcel>();
  /** Of an earlier page: the hub has not spoken of them yet. */
  readonly #remembered = new Set<string>();
  /** Of the fresh start that is under way: parcels that it has not brought yet. */
  #unseen: Set<string> | undefined;

  constructor(parts: HeldParcelsParts) {
    this.#parts = parts;
  }

  [Symbol.iterator](): IterableIterator<[string, HeldParcel]> {
    return this.#byKey.entries();
  }

  get(key: string): HeldParcel | undefined {
    return this.#byKey.get(key);
  }

  /** How many are in this driver's hands. */
  get held(): number {
    return Array.from(this.#byKey.values()).filter(({ known }) => this.isMine(known.view)).length;
  }

  isMine({ status, holder }: ParcelView): boolean {
    return isHeld(status) && holder?.id === this.#parts.driver;
  }

  isPending(key: string): boolean {
    return (this.#byKey.get(key)?.pending.length ?? 0) > 0;
  }

  set(key: string, hand: HeldParcel): void {
    const { known, pending, word } = hand;
    if (word && word !== this.#byKey.get(key)?.word) {
      this.#endLater(key, word);
      if (word.kind === 'news') this.#parts.news(known, word.text);
    }
    if (this.isMine(known.view) || pending.length > 0 || word) this.#byKey.set(key, hand);
    else this.#byKey.delete(key);
    this.#parts.changed();
  }

  /** As an earlier page left it. */
  remember(known: KnownParcel, notes: readonly Note[]): void {
    const key = parcelName(known.view.payload);
    this.#remembered.add(key);
    this.set(key, { known, pending: [], notes });
  }

  /** A parcel that this driver has to do with, as it is now. @returns whether it is in their hands */
  learn(key: string, known: KnownParcel, word?: Word): boolean {
    this.#unseen?.delete(key);
    this.#remembered.delete(key);
    const hand = this.#byKey.get(key);
    if (this.isMine(known.view)) {
      this.set(key, { pending: [], notes: [], ...hand, known, word: word ?? toastAfter(hand, known) });
      return true;
    }
    if (hand && hand.known !== known) {
      const news = this.isMine(hand.known.view) ? toastForLoss(known.view) : undefined;
      this.set(key, { ...hand, known, word: news ?? toastAfter(hand, known) });
    }
    return false;
  }

  hear(record: CapsRecord): void {
    const note = noteIn(record, this.#parts.driver);
    if (note) this.addNotes(parcelName(record.payload), [note]);
  }

  addNotes(key: string, notes: readonly Note[]): void {
    const hand = this.#byKey.get(key);
    const together = hand && withNotes(hand.notes, notes);
    if (hand && together !== hand.notes) this.set(key, { ...hand, notes: together ?? [] });
  }

  // ---- a fresh start ----

  /** The pages that begin here are all there is. */
  beginStart(): void {
    this.#unseen = new Set(this.#byKey.keys());
  }

  /** What they did not bring is in other hands, or in none. */
  endStart(): void {
    for (const key of this.#unseen ?? []) {
      const hand = this.#byKey.get(key);
      if (!hand) continue;
      const { view } = hand.known;
      const isMissed = this.#remembered.delete(key) && this.isMine(view) && hand.pending.length === 0;
      const word: Word | undefined = isMissed ? { kind: 'news', text: driver().news.gone } : hand.word;
      this.set(key, { ...hand, known: { view: { ...view, holder: undefined } }, word });
    }
    this.#unseen = undefined;
  }

  /** What was known is of another log; what was done meanwhile is still to be sent. */
  forget(): void {
    this.#remembered.clear();
    for (const [key, hand] of this.#byKey) {
      const view = { ...hand.known.view, holder: undefined, rev: 0 };
      this.set(key, { ...hand, known: { view }, word: undefined });
    }
  }

  #endLater(key: string, word: Word): void {
    this.#parts.timers.after(isQuiet(word) ? quietMs : newsMs[word.kind], () => {
      const hand = this.#byKey.get(key);
      if (hand?.word === word) this.set(key, { ...hand, word: quietToast(hand) });
    });
  }
}

/** Only the latest change of a parcel can be taken back; a note is none. */
function toastAfter(hand: HeldParcel | undefined, { view }: KnownParcel): Word | undefined {
  const word = hand?.word;
  if (word?.kind !== 'undo' || !('rev' in word.by)) return word;
  return view.rev > word.by.rev && view.changedAt !== hand?.known.view.changedAt ? undefined : word;
}

/** What stays of a step when it is no news any more. Claiming has Release, and that has Claim. */
function quietToast({ word, known }: HeldParcel): Word | undefined {
  const { status } = known.view;
  if (word?.kind !== 'undo' || isQuiet(word) || 'id' in word.by) return undefined;
  if (status === 'claimed' || status === 'ready') return undefined;
  return { ...word, isQuiet: true };
}

/** Words for a parcel that somebody else took out of this driver's hands. */
function toastForLoss({ status, holder }: ParcelView): Word | undefined {
  const { news } = driver();
  const word = (text: string): Word => ({ kind: 'news', text });
  if (status === 'cancelled') return word(news.cancelled);
  if (status === 'ready') return word(news.ready);
  if (status === 'returned') return word(news.returned);
  if (holder && isHeld(status)) return word(news.givenTo(holder.name ?? holder.id));
  return undefined;
}
