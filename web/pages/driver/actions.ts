import type { NewCommand } from '../../../client/client.ts';
import { parcelName } from '../../../protocol/ids.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import type { AutoDeliver } from './auto-deliver.ts';
import type { Claims } from './claims.ts';
import type { HeldParcels } from './held-parcels.ts';
import { fetchNotes } from './notes.ts';
import type { PendingCommands } from './pending-commands.ts';
import type { Proofs } from './proofs.ts';
import { type HeldRow, isQuiet } from './session-state.ts';
import { commandOf, type Step } from './steps.ts';
import type { Stops } from './stops.ts';

interface ActionsParts {
  readonly driver: string;
  readonly auto: Pick<AutoDeliver, 'leaveAlone'>;
  readonly claims: Pick<Claims, 'ask'>;
  readonly held: HeldParcels;
  readonly commands: Pick<PendingCommands, 'send' | 'withdraw'>;
  readonly stops: Stops;
  readonly proofs: Pick<Proofs, 'take'>;
  /** The parcels in hand, in their order. */
  readonly rows: () => readonly HeldRow[];
  readonly changed: () => void;
}

/** What the buttons of the page do. Auto deliver leaves every parcel alone that a person has touched. */
export class Actions {
  readonly #parts: ActionsParts;

  constructor(parts: ActionsParts) {
    this.#parts = parts;
  }

  /** @param known as the page draws it: it may no longer be on offer, and then the hub says who has it */
  claim(known: KnownParcel): void {
    this.#parts.auto.leaveAlone(parcelName(known.view.payload));
    void this.#parts.claims.ask(known, true);
  }

  /** Takes a parcel that nobody has claimed. It counts if that is still so when the hub gets the command. */
  pickUp(known: KnownParcel): void {
    this.#parts.auto.leaveAlone(parcelName(known.view.payload));
    this.#parts.commands.send(known, commandOf({ event: 'in-transit' }, known.view.payload), true);
  }

  step(key: string, step: Step): void {
    const { auto, stops, rows } = this.#parts;
    auto.leaveAlone(key);
    if (step.event === 'in-transit') {
      // The driver stands in this shop, so what else there is to collect here comes next.
      const all = rows();
      const store = all.find((row) => row.key === key)?.collectAt;
      const next = all.find(({ key: other, collectAt, status }) => {
        return other !== key && status === 'claimed' && collectAt === store;
      });
      if (next) stops.open(next.key, next.status);
      // Nothing is left to collect here. The way goes on with the first stop, not with what was collected last.
      else stops.leave(key);
    }
    const id = this.#send(key, (payload) => commandOf(step, payload));
    if (id !== undefined && isProven(step)) this.#prove(key, id);
  }

  /** Collects all that there is to collect at a shop. */
  collectAll(store: string): void {
    for (const { key, collectAt, status } of this.#parts.rows()) {
      if (collectAt === store && status === 'claimed') this.step(key, { event: 'in-transit' });
    }
  }

  /** Takes back what was just collected at a shop. */
  undoAll(store: string): void {
    for (const row of this.#parts.rows())
      if (row.collectAt === store && wasCollected(row)) this.undo(row.key);
  }

  /** Opens a stop. It stays open, also when another one becomes more urgent: the driver may be writing there. */
  open({ key, status }: Pick<HeldRow, 'key' | 'status'>): void {
    this.#parts.auto.leaveAlone(key);
    this.#parts.stops.open(key, status);
  }

  /** Puts a stop before all others. */
  putFirst({ key, status }: HeldRow): void {
    this.#parts.auto.leaveAlone(key);
    this.#parts.stops.putFirst(key, status);
  }

  /** Puts a stop behind all others. */
  putLast({ key }: HeldRow): void {
    this.#parts.auto.leaveAlone(key);
    this.#parts.stops.putLast(key);
  }

  /** Takes the latest step back: withdraws it if it has not left the device, else corrects it. */
  undo(key: string): void {
    const { auto, held, commands } = this.#parts;
    auto.leaveAlone(key);
    const toast = held.get(key)?.toast;
    if (toast?.kind !== 'undo') return;
    const { by } = toast;
    if ('id' in by) commands.withdraw(key, by.id);
    else this.#send(key, (payload) => ({ event: 'corrected', payload, details: { rev: by.rev } }));
  }

  /** Says that the driver has seen how the order was changed. */
  confirmChanges(key: string): void {
    const { auto, held } = this.#parts;
    auto.leaveAlone(key);
    const rev = held.get(key)?.known.view.unseen?.rev;
    if (rev !== undefined) this.#send(key, (payload) => ({ event: 'seen', payload, details: { rev } }));
  }

  /** Dismisses the toast of a parcel. */
  acknowledge(key: string): void {
    const { held } = this.#parts;
    const parcel = held.get(key);
    if (parcel) held.set(key, { ...parcel, toast: undefined });
  }

  /** @param isUrgent dispatch has to confirm that it has seen it */
  note(key: string, text: string, isUrgent: boolean): void {
    const details = isUrgent ? ({ text, urgent: true } as const) : { text };
    this.#send(key, (payload) => ({ event: 'note', payload, details }));
  }

  /** Reads the notes that were written before this page was opened. */
  async readNotes(key: string): Promise<void> {
    const { held, driver } = this.#parts;
    const parcel = held.get(key);
    if (!parcel) return;
    try {
      const { notes, seen } = await fetchNotes(parcel.known.view.payload, driver);
      held.addNotes(key, notes);
      held.markSeen(key, seen);
    } catch {
      // Offline, the driver sees the notes that came while the page was open.
    }
  }

  /** Sends the proofs that were made for a step behind it. */
  #prove(key: string, step: string): void {
    const { held, proofs } = this.#parts;
    const rev = held.get(key)?.known.view.rev ?? 1;
    for (const proof of proofs.take(key))
      this.#send(key, (payload) => ({ event: 'proof', payload, details: { ...proof, rev } }), step);
  }

  /** @returns the id of the command */
  #send(
    key: string,
    commandFor: (parcel: ParcelId) => NewCommand,
    after?: string | undefined,
  ): string | undefined {
    const { held, commands } = this.#parts;
    const known = held.get(key)?.known;
    if (!known) return undefined;
    const { store, orderID } = known.view.payload;
    return commands.send(known, commandFor({ store, orderID }), true, after);
  }
}

/** A collection, delivery or return: what is made before belongs to it. */
function isProven({ event }: Step): boolean {
  return event === 'in-transit' || event === 'delivered' || event === 'returned';
}

/** Whether the page still offers to undo that this parcel was collected. */
export function wasCollected({ status, toast }: HeldRow): boolean {
  return status === 'in-transit' && toast?.kind === 'undo' && toast.of === 'in-transit' && !isQuiet(toast);
}
