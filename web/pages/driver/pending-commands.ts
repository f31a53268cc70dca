import type { Client, ClientEvents, NewCommand } from '../../../client/client.ts';
import type { NamedCommand, StoredCommand } from '../../../client/outbox.ts';
import { keepsStatus } from '../../../protocol/events.ts';
import { parcelName, uuidv7 } from '../../../protocol/ids.ts';
import type { Answer, Author } from '../../../protocol/messages.ts';
import type { Announcer } from '../../app/announcer.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { type KnownParcel, recordOf, withRecord } from '../../app/parcels.ts';
import { driver } from '../../words/driver.ts';
import type { HeldParcels } from './held-parcels.ts';
import { type NewProof, proofIn } from './new-proof.ts';
import type { Offers } from './offers.ts';
import type { Proofs } from './proofs.ts';
import { type Refusal, Refusals } from './refusals.ts';
import type { PendingCommand, RefusedParcel } from './session-state.ts';
import { actionText, statusAfter, undoToastOf } from './steps.ts';

/** A step that is recorded later than this after it was done gets no Undo: nobody expects it any more. */
const freshMs = 10_000;

interface PendingCommandsParts {
  readonly by: Author;
  readonly client: Pick<Client, 'state' | 'command' | 'withdraw' | 'dismiss'>;
  readonly held: HeldParcels;
  readonly offers: Pick<Offers, 'get' | 'delete'>;
  readonly announcer: Announcer;
  readonly proofs: Pick<Proofs, 'giveBack' | 'discard'>;
  readonly changed: () => void;
}

interface SentCommand {
  readonly command: NamedCommand;
  readonly known: KnownParcel;
  /** When it was done, in milliseconds since 1970. */
  readonly at: number;
  readonly byHand: boolean;
  readonly isUnsent: boolean;
  readonly after?: string | undefined;
}

/**
 * Sends the commands of a driver and follows each until the hub has answered it. A step shows at once and stays pending
 * until then. The client keeps what was done by hand when the page closes; what has not left the device can be withdrawn;
 * what the hub refused stays in a list until the driver has seen it.
 */
export class PendingCommands {
  readonly #parts: PendingCommandsParts;
  readonly #refusals = new Refusals();
  #isClosed = false;

  constructor(parts: PendingCommandsParts) {
    this.#parts = parts;
  }

  get refused(): readonly RefusedParcel[] {
    return this.#refusals.byParcel();
  }

  close(): void {
    this.#isClosed = true;
  }

  /**
   * @param byHand the client keeps it when the page closes, and it can be undone
   * @param after the id of the step that this one proves
   * @returns its id
   */
  send(known: KnownParcel, fresh: NewCommand, byHand: boolean, after?: string): string {
    const { client } = this.#parts;
    const command = { ...fresh, id: uuidv7() } as NamedCommand;
    const about = known.view.payload.address;
    const isUnsent = client.state.kind !== 'live' && client.state.kind !== 'catching-up';
    const answer = client.command(command, { keep: byHand, about, after });
    void this.#follow({ command, known, at: hubClock.now(), byHand, isUnsent, after }, answer);
    return command.id;
  }

  /** Withdraws a command that has not left this device, with its proofs. */
  withdraw(key: string, id: string): void {
    const { held, client } = this.#parts;
    const parcel = held.get(key);
    if (!parcel || !client.withdraw(id)) return;
    const pending = parcel.pending.filter((one) => one.id !== id && one.after !== id);
    held.set(key, { ...parcel, pending, toast: undefined });
    const proofs = parcel.pending.flatMap(({ after, proof }) => (proof && after === id ? [proof] : []));
    if (proofs.length > 0) this.#parts.proofs.giveBack(key, proofs);
  }

  /** The driver has seen these refusals. */
  dismiss(ids: readonly string[]): void {
    const proofs: NewProof[] = [];
    for (const id of ids) {
      const proof = proofOf(this.#refusals.take(id));
      if (proof) proofs.push(proof);
      this.#parts.client.dismiss(id);
    }
    if (proofs.length > 0) this.#parts.proofs.discard(proofs);
    this.#parts.changed();
  }

  /** Sends refused commands again, with the time at which they were done. */
  retry(ids: readonly string[]): void {
    const refusals = ids.map((id) => this.#refusals.take(id)).filter((one) => one !== undefined);
    const freshIds = new Map<string, string>();
    for (const { command, at, about, after } of refusals) {
      this.#parts.client.dismiss(command.id);
      const { id, ...again } = { occurredAt: new Date(at).toISOString(), ...command };
      const known = this.#parcelOf(command, about);
      freshIds.set(id, this.send(known, again as NewCommand, true, freshIds.get(after ?? '')));
    }
  }

  /** Follows the commands that an earlier page left, and shows those that the hub refused it. */
  restore({ waiting, refused }: ClientEvents['left']): void {
    for (const { command, at, about, after, answer } of waiting) {
      const known = this.#parcelOf(command, about);
      void this.#follow({ command, known, at, byHand: true, isUnsent: false, after }, answer);
    }
    this.#hearRefusals(refused.filter((stored): stored is Refusal => stored.refusal !== undefined));
  }

  /** The client is sending what waited: from now on only the hub can undo it. */
  markSent(): void {
    const { held } = this.#parts;
    for (const [key, parcel] of held) {
      if (!parcel.pending.some(({ isUnsent }) => isUnsent)) continue;
      const pending = parcel.pending.map((one) => ({ ...one, isUnsent: false }));
      const isLocal = parcel.toast?.kind === 'undo' && 'id' in parcel.toast.by;
      held.set(key, { ...parcel, pending, toast: isLocal ? undefined : parcel.toast });
    }
  }

  async #follow(sent: SentCommand, answering: Promise<Answer>): Promise<void> {
    const { held } = this.#parts;
    const { known, command, at, byHand, isUnsent, after } = sent;
    const { id, event } = command;
    const key = parcelName(command.payload);
    // The hub's clock may be corrected while the command waits, the browser's clock runs evenly.
    const startedAt = performance.now() - (hubClock.now() - at);
    const before = held.get(key) ?? { known, pending: [], notes: [] };
    const leadsTo = statusAfter(event);
    const text = actionText(command);
    const proof = proofIn(command);
    const seenRev = seenRevOf(command);
    const pending: PendingCommand = { id, event, at, leadsTo, text, seenRev, isUnsent, after, proof };
    const undo = byHand && isUnsent ? undoToastOf(command, { id }) : undefined;
    // What changes nothing is no reason to take an Undo away.
    const toast = keepsStatus(event) ? before.toast : undo;
    held.set(key, { ...before, pending: [...before.pending, pending], toast });
    const answer = await answering;
    if (!this.#isClosed) this.#settle(sent, answer, performance.now() - startedAt < freshMs);
  }

  #settle({ command, at, byHand, after }: SentCommand, answer: Answer, isFresh: boolean): void {
    const { by, held, offers } = this.#parts;
    const key = parcelName(command.payload);
    // A parcel with a pending command is never removed.
    const parcel = held.get(key);
    if (!parcel) return;
    // The hub does not admit this page any more; the stored command is sent when it does.
    if (byHand && !answer.ok && answer.error.retryable) return;
    const { known, toast } = parcel;
    const pending = parcel.pending.filter(({ id }) => id !== command.id);
    if (answer.ok) {
      const record = recordOf(command, answer, by, known.view);
      const undo = byHand && isFresh ? undoToastOf(command, { rev: answer.rev }) : undefined;
      held.set(key, { ...parcel, known: withRecord(known, record), pending, toast: undo ?? toast });
      if (record.status !== 'ready') offers.delete(key);
      held.hear(record);
      if (answer.pin === 'wrong') this.#hearWrongPin({ command, at, about: known.view.payload.address });
      return;
    }
    const isItsToast = toast?.kind === 'undo' && 'id' in toast.by && toast.by.id === command.id;
    held.set(key, { ...parcel, pending, toast: isItsToast ? undefined : toast });
    // Auto deliver is refused when another page of this driver was faster, which is no news.
    const about = known.view.payload.address;
    if (byHand) this.#hearRefusals([{ command, at, about, after, refusal: answer.error }]);
  }

  /** A PIN that was typed without network: the parcel is handed over, and dispatch sees it as well. */
  #hearWrongPin(stored: StoredCommand): void {
    const refusal = {
      code: 'not-allowed',
      message: '',
      retryable: false,
      details: { pin: 'wrong' },
    } as const;
    this.#hearRefusals([{ ...stored, refusal }]);
  }

  #hearRefusals(all: readonly Refusal[]): void {
    // The parcel has gone to somebody else meanwhile: then there is nothing to see any more.
    for (const { command } of all) if (command.event === 'seen') this.#parts.client.dismiss(command.id);
    const refusals = all.filter(({ command }) => command.event !== 'seen');
    if (refusals.length === 0) return;
    for (const refusal of refusals) this.#refusals.add(refusal);
    this.#parts.announcer.say('refused', () => driver().refused.said);
    this.#parts.changed();
  }

  /** The parcel of a command; if this page does not know it, as much of it as the command says. */
  #parcelOf({ payload }: NamedCommand, about: string | undefined): KnownParcel {
    const { held, offers } = this.#parts;
    const key = parcelName(payload);
    const known = held.get(key)?.known ?? offers.get(key);
    if (known) return known;
    const { store, orderID } = payload;
    const time = new Date(0).toISOString();
    const order = { store, orderID, customer: '', address: about ?? '' };
    return {
      view: { payload: order, status: 'ready', rev: 0, attempts: 0, createdAt: time, changedAt: time },
    };
  }
}

function proofOf(refusal: Refusal | undefined): NewProof | undefined {
  return refusal && proofIn(refusal.command);
}

function seenRevOf({ event, details }: NamedCommand): number | undefined {
  return event === 'seen' && details && 'rev' in details ? Number(details.rev) : undefined;
}
