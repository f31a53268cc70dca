import type { NewCommand } from '../../../client/client.ts';
import { parcelName } from '../../../protocol/ids.ts';
import type { ParcelId } from '../../../protocol/orders.ts';
import type { KnownParcel } from '../../app/parcels.ts';
import type { AutoDeliver } from './auto-deliver.ts';
import type { Claims } from './claims.ts';
import type { HeldParcels } from './held-parcels.ts';
import { fetchNotes } from './notes.ts';
import type { PendingCommands } from './pending-commands.ts';
import { commandOf, type Step } from './steps.ts';

interface ActionsParts {
  readonly driver: string;
  readonly auto: Pick<AutoDeliver, 'leaveAlone'>;
  readonly claims: Pick<Claims, 'ask'>;
  readonly held: HeldParcels;
  readonly commands: Pick<PendingCommands, 'send' | 'withdraw'>;
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
    this.#parts.auto.leaveAlone(key);
    this.#send(key, (payload) => commandOf(step, payload));
  }

  /** Stops auto deliver while the driver decides about a parcel. */
  leaveAlone(key: string): void {
    this.#parts.auto.leaveAlone(key);
    this.#parts.changed();
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

  note(key: string, text: string): void {
    this.#send(key, (payload) => ({ event: 'note', payload, details: { text } }));
  }

  /** Reads the notes that were written before this page was opened. */
  async readNotes(key: string): Promise<void> {
    const { held, driver } = this.#parts;
    const parcel = held.get(key);
    if (!parcel) return;
    try {
      held.addNotes(key, await fetchNotes(parcel.known.view.payload, driver));
    } catch {
      // Offline, the driver sees the notes that came while the page was open.
    }
  }

  #send(key: string, commandFor: (parcel: ParcelId) => NewCommand): void {
    const { held, commands } = this.#parts;
    const known = held.get(key)?.known;
    if (!known) return;
    const { store, orderID } = known.view.payload;
    commands.send(known, commandFor({ store, orderID }), true);
  }
}
