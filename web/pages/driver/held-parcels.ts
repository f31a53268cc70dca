import { isHeld } from '../../../protocol/events.ts';
import { parcelName } from '../../../protocol/ids.ts';
import { limits } from '../../../protocol/limits.ts';
import type { Author, CapsRecord, ParcelView } from '../../../protocol/messages.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import type { Timers } from '../../app/timers.ts';
import { driver } from '../../words/driver.ts';
import { noteIn, seenIn, withNotes, withSeen } from './notes.ts';
import { isQuiet, type Note, type PendingCommand, type Toast } from './session-state.ts';

/** How long the toast of a step is shown. That of a lost parcel stays until OK. */
const loudUndoMs = 5_000;
/** How long a step then keeps a quiet Undo: the hub allows corrections for two minutes. */
const quietUndoMs = limits.correctMs - loudUndoMs - 5_000;

/** A parcel that this driver holds, has held, or is acting on. */
export interface HeldParcel {
  readonly known: KnownParcel;
  readonly pending: readonly PendingCommand[];
  readonly notes: readonly Note[];
  readonly toast?: Toast | undefined;
}

interface HeldParcelsParts {
  readonly driver: string;
  readonly timers: Timers;
  /** Called when somebody else has taken or cancelled a held parcel. */
  readonly news: (known: KnownParcel, text: string) => void;
  /** Called when the hub brings changes of an order that the driver has yet to see. */
  readonly amended: (known: KnownParcel) => void;
  /** Called with each record about a parcel of this driver, possibly more than once. */
  readonly recorded: (record: CapsRecord) => void;
  readonly changed: () => void;
}

/** The parcels of one driver. They stay while they are held, have pending steps, or show a toast. */
export class HeldParcels implements Iterable<[string, HeldParcel]> {
  readonly #parts: HeldParcelsParts;
  readonly #byKey = new Map<string, HeldParcel>();
  /** Parcels saved by an earlier page that the hub has not confirmed yet. */
  readonly #remembered = new Set<string>();
  /** Parcels that the current snapshot has not brought yet. */
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

  /** Number of parcels that this driver holds. */
  get count(): number {
    return Array.from(this.#byKey.values()).filter(({ known }) => this.isMine(known.view)).length;
  }

  isMine({ status, holder }: ParcelView): boolean {
    return isHeld(status) && holder?.id === this.#parts.driver;
  }

  /** Keys of the parcels with a command that the hub has not answered. */
  get pendingKeys(): readonly string[] {
    return Array.from(this.#byKey.keys()).filter((key) => this.#byKey.get(key)?.pending.length);
  }

  set(key: string, parcel: HeldParcel): void {
    const { known, pending, toast } = parcel;
    if (toast && toast !== this.#byKey.get(key)?.toast) {
      this.#expireLater(key, toast);
      if (toast.kind === 'news') this.#parts.news(known, toast.text);
    }
    if (this.isMine(known.view) || pending.length > 0 || toast) this.#byKey.set(key, parcel);
    else this.#byKey.delete(key);
    this.#parts.changed();
  }

  /** Restores a parcel that an earlier page saved. */
  remember(known: KnownParcel, notes: readonly Note[]): void {
    const key = parcelName(known.view.payload);
    this.#remembered.add(key);
    this.set(key, { known, pending: [], notes });
  }

  /** Updates a parcel. @param by who changed it, if a record says so @returns whether this driver holds it */
  learn(key: string, known: KnownParcel, toast?: Toast, by?: Author): boolean {
    this.#unseen?.delete(key);
    this.#remembered.delete(key);
    const parcel = this.#byKey.get(key);
    if (this.isMine(known.view)) {
      const { unseen } = known.view;
      if (unseen && unseen.rev !== parcel?.known.view.unseen?.rev) this.#parts.amended(known);
      // It has come back.
      const before = parcel?.toast?.kind === 'news' ? { ...parcel, toast: undefined } : parcel;
      const after = toast ?? toastAfter(before, known);
      this.set(key, { pending: [], notes: [], ...before, known, toast: after });
      return true;
    }
    if (parcel && parcel.known !== known) {
      const news = this.isMine(parcel.known.view) ? toastForLoss(known.view, by) : undefined;
      this.set(key, { ...parcel, known, toast: news ?? toastAfter(parcel, known) });
    }
    return false;
  }

  hear(record: CapsRecord): void {
    this.#parts.recorded(record);
    const key = parcelName(record.payload);
    const note = noteIn(record, this.#parts.driver);
    if (note) this.addNotes(key, [note]);
    const seen = seenIn(record);
    if (seen > 0) this.markSeen(key, seen);
  }

  /** Dispatch has seen the urgent notes up to this record. */
  markSeen(key: string, rev: number): void {
    const parcel = this.#byKey.get(key);
    const notes = parcel && withSeen(parcel.notes, rev);
    if (parcel && notes !== parcel.notes) this.set(key, { ...parcel, notes: notes ?? [] });
  }

  addNotes(key: string, notes: readonly Note[]): void {
    const parcel = this.#byKey.get(key);
    const together = parcel && withNotes(parcel.notes, notes);
    if (parcel && together !== parcel.notes) this.set(key, { ...parcel, notes: together ?? [] });
  }

  // ---- snapshots ----

  /** Starts a snapshot, which brings all held parcels. */
  beginStart(): void {
    this.#unseen = new Set(this.#byKey.keys());
  }

  /** Ends a snapshot. This driver does not hold the parcels that it has not brought. */
  endStart(): void {
    for (const key of this.#unseen ?? []) {
      const parcel = this.#byKey.get(key);
      if (!parcel) continue;
      const { view } = parcel.known;
      const isMissed = this.#remembered.delete(key) && this.isMine(view) && parcel.pending.length === 0;
      const toast: Toast | undefined = isMissed ? { kind: 'news', text: driver().news.gone } : parcel.toast;
      this.set(key, { ...parcel, known: { view: { ...view, holder: undefined } }, toast });
    }
    this.#unseen = undefined;
  }

  /** Forgets the state of another log but keeps pending steps. */
  forget(): void {
    this.#remembered.clear();
    for (const [key, parcel] of this.#byKey) {
      const view = { ...parcel.known.view, holder: undefined, rev: 0 };
      this.set(key, { ...parcel, known: { view }, toast: undefined });
    }
  }

  #expireLater(key: string, toast: Toast): void {
    if (toast.kind === 'news') return;
    this.#parts.timers.after(isQuiet(toast) ? quietUndoMs : loudUndoMs, () => {
      const parcel = this.#byKey.get(key);
      if (parcel?.toast === toast) this.set(key, { ...parcel, toast: quietToast(parcel) });
    });
  }
}

/** Removes an Undo when the parcel has changed since; a note is no change. */
function toastAfter(parcel: HeldParcel | undefined, { view }: KnownParcel): Toast | undefined {
  const toast = parcel?.toast;
  if (toast?.kind !== 'undo' || !('rev' in toast.by)) return toast;
  return view.rev > toast.by.rev && view.changedAt !== parcel?.known.view.changedAt ? undefined : toast;
}

/** The quiet Undo after the toast. A claim has none, because there is Release; a release, because there is Claim. */
function quietToast({ toast, known }: HeldParcel): Toast | undefined {
  const { status } = known.view;
  if (toast?.kind !== 'undo' || isQuiet(toast) || 'id' in toast.by) return undefined;
  if (status === 'claimed' || status === 'ready') return undefined;
  return { ...toast, isQuiet: true };
}

/** The toast of a parcel that this driver has lost. */
function toastForLoss({ status, holder }: ParcelView, by: Author | undefined): Toast | undefined {
  const { news } = driver();
  const toast = (text: string): Toast => ({ kind: 'news', text });
  if (status === 'cancelled') {
    if (by?.role === 'admin') return toast(news.cancelledByDispatch);
    return toast(by?.role === 'vendor' ? news.cancelled : news.gone);
  }
  if (status === 'ready') return toast(news.ready);
  if (status === 'returned') return toast(news.returned);
  if (holder && isHeld(status)) return toast(news.givenTo(holder.name ?? holder.id));
  return undefined;
}
