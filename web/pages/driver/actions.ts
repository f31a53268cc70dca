import type { Client, ClientEvents, NewCommand } from '../../../client/client.ts';
import type { NamedCommand } from '../../../client/outbox.ts';
import { parcelName, uuidv7 } from '../../../protocol/ids.ts';
import type { Answer, Author } from '../../../protocol/messages.ts';
import type { Announcer } from '../../app/announcer.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { type KnownParcel, recordOf, withRecord } from '../../app/parcels.ts';
import { driver } from '../../words/driver.ts';
import type { HeldParcels } from './held-parcels.ts';
import { fetchNotes } from './notes.ts';
import { type Refusal, Refusals } from './refusals.ts';
import type { Pending, RefusedParcel } from './shift-state.ts';
import { actionText, statusAfter, undoOf } from './steps.ts';

/** What was done longer ago than this is not offered to be taken back when it is recorded at last. */
const freshMs = 10_000;

interface ActionsParts {
  readonly by: Author;
  readonly client: Client;
  readonly hands: HeldParcels;
  readonly announcer: Announcer;
  /** What is known of a parcel that is not in hand. */
  readonly offered: (key: string) => KnownParcel | undefined;
  /** A parcel has gone from the board with an answer, before the board says so. */
  readonly taken: (key: string) => void;
  readonly changed: () => void;
}

/** Who acts, on what, and how it came about. */
interface Action {
  readonly key: string;
  /** What is known of the parcel, where it is in nobody's hands yet. */
  readonly known: KnownParcel;
  readonly command: NamedCommand;
  readonly at: number;
  readonly byHand: boolean;
  readonly isUnsent: boolean;
}

/**
 * What a driver does with parcels in hand, from the press to the hub's last word. A step shows at once; what is done
 * by hand outlives the page; what was not sent yet can be taken back without a trace; what was refused is shown
 * until it was seen.
 */
export class Actions {
  readonly #parts: ActionsParts;
  readonly #refusals = new Refusals();
  #isClosed = false;

  constructor(parts: ActionsParts) {
    this.#parts = parts;
  }

  get refused(): readonly RefusedParcel[] {
    return this.#refusals.byParcel();
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Sends one step, and shows where it leads until it is answered. What is done by hand outlives the page. */
  act(key: string, known: KnownParcel, fresh: NewCommand, byHand: boolean): void {
    const { client } = this.#parts;
    const command = { ...fresh, id: uuidv7() } as NamedCommand;
    const about = known.view.payload.address;
    const isUnsent = client.state.kind !== 'live' && client.state.kind !== 'catching-up';
    const answer = client.command(command, { keep: byHand, about });
    void this.#follow({ key, known, command, at: hubClock.now(), byHand, isUnsent }, answer);
  }

  note(key: string, text: string): void {
    const hand = this.#parts.hands.get(key);
    if (!hand) return;
    const { store, orderID } = hand.known.view.payload;
    this.act(key, hand.known, { event: 'note', payload: { store, orderID }, details: { text } }, true);
  }

  /** Somebody looks at what was said about a parcel. */
  async readNotes(key: string): Promise<void> {
    const { hands, by } = this.#parts;
    const hand = hands.get(key);
    if (!hand) return;
    try {
      hands.addNotes(key, await fetchNotes(hand.known.view.payload, by.id));
    } catch {
      // Without network there is what came while the page was open.
    }
  }

  async #follow(action: Action, answering: Promise<Answer>): Promise<void> {
    const { key, known, command, at, byHand, isUnsent } = action;
    // What the hub's clock is may be learned meanwhile, and does not make it longer ago.
    const startedAt = performance.now() - (hubClock.now() - at);
    const before = this.#parts.hands.get(key) ?? { known, pending: [], notes: [] };
    const pending: Pending = {
      id: command.id,
      event: command.event,
      at,
      isUnsent,
      leadsTo: statusAfter(command.event),
      text: actionText(command),
    };
    const word = byHand && isUnsent ? undoOf(command, { id: command.id }) : undefined;
    this.#parts.hands.set(key, { ...before, pending: [...before.pending, pending], word });
    const answer = await answering;
    if (!this.#isClosed) this.#answered(action, answer, performance.now() - startedAt < freshMs);
  }

  #answered({ key, command, at, byHand }: Action, answer: Answer, isNews: boolean): void {
    // It is still there, because a parcel with a pending step stays.
    const hand = this.#parts.hands.get(key);
    if (!hand) return;
    // The hub does not admit this page any more: what is kept is sent when it does.
    if (byHand && !answer.ok && answer.error.retryable) return;
    const pending = hand.pending.filter(({ id }) => id !== command.id);
    if (answer.ok) {
      const record = recordOf(command, answer, this.#parts.by, hand.known.view);
      const word = byHand && isNews ? (undoOf(command, { rev: answer.rev }) ?? hand.word) : hand.word;
      this.#parts.hands.set(key, { ...hand, known: withRecord(hand.known, record), pending, word });
      if (record.status !== 'ready') this.#parts.taken(key);
      this.#parts.hands.hear(record);
      return;
    }
    const isAboutIt = hand.word?.kind === 'undo' && 'id' in hand.word.by && hand.word.by.id === command.id;
    this.#parts.hands.set(key, { ...hand, pending, word: isAboutIt ? undefined : hand.word });
    // Auto deliver is refused where another page of this driver was faster: no news to anybody.
    if (byHand) {
      const about = hand.known.view.payload.address;
      this.#refused([{ command, at, about, refusal: answer.error }]);
    }
  }

  #refused(refusals: readonly Refusal[]): void {
    if (refusals.length === 0) return;
    for (const refusal of refusals) this.#refusals.add(refusal);
    this.#parts.announcer.say('refused', () => driver().refused.said);
    this.#parts.changed();
  }

  /** Takes the latest step back. */
  undo(key: string): void {
    const hand = this.#parts.hands.get(key);
    if (hand?.word?.kind !== 'undo') return;
    const { by } = hand.word;
    if ('id' in by) {
      this.withdraw(key, by.id);
      return;
    }
    const { store, orderID } = hand.known.view.payload;
    const details = { rev: by.rev };
    this.act(key, hand.known, { event: 'corrected', payload: { store, orderID }, details }, true);
  }

  /** Takes back what has not left this device. */
  withdraw(key: string, id: string): void {
    const hand = this.#parts.hands.get(key);
    if (!hand || !this.#parts.client.withdraw(id)) return;
    const pending = hand.pending.filter((one) => one.id !== id);
    this.#parts.hands.set(key, { ...hand, pending, word: undefined });
  }

  /** The driver has seen what was refused. */
  dismiss(ids: readonly string[]): void {
    for (const id of ids) {
      this.#refusals.take(id);
      this.#parts.client.dismiss(id);
    }
    this.#parts.changed();
  }

  /** Sends what was refused once more, as done when it was. */
  retry(ids: readonly string[]): void {
    const refusals = ids.map((id) => this.#refusals.take(id)).filter((one) => one !== undefined);
    for (const { command, at, about } of refusals) {
      this.#parts.client.dismiss(command.id);
      const { id: _, ...again } = { occurredAt: new Date(at).toISOString(), ...command };
      const key = parcelName(command.payload);
      this.act(key, this.#knownOf(command, about), again as NewCommand, true);
    }
  }

  /** What an earlier page did without network, and what it was refused. */
  leftCame({ waiting, refused }: ClientEvents['left']): void {
    for (const { command, at, about, answer } of waiting) {
      const known = this.#knownOf(command, about);
      const key = parcelName(command.payload);
      void this.#follow({ key, known, command, at, byHand: true, isUnsent: false }, answer);
    }
    this.#refused(refused.filter((kept): kept is Refusal => kept.refusal !== undefined));
  }

  /** The parcel of a command; where this page never heard of it, as much as the command says. */
  #knownOf({ payload }: NamedCommand, about: string | undefined): KnownParcel {
    const key = parcelName(payload);
    const known = this.#parts.hands.get(key)?.known ?? this.#parts.offered(key);
    if (known) return known;
    const { store, orderID } = payload;
    const moment = new Date(0).toISOString();
    const order = { store, orderID, customer: '', address: about ?? '' };
    return {
      view: {
        payload: order,
        status: 'ready',
        rev: 0,
        attempts: 0,
        createdAt: moment,
        changedAt: moment,
      },
    };
  }

  /** What waited is on its way: who takes it back now needs the hub for it. */
  nowSent(): void {
    for (const [key, hand] of this.#parts.hands) {
      if (!hand.pending.some(({ isUnsent }) => isUnsent)) continue;
      const pending = hand.pending.map((one) => ({ ...one, isUnsent: false }));
      const isLocal = hand.word?.kind === 'undo' && 'id' in hand.word.by;
      this.#parts.hands.set(key, { ...hand, pending, word: isLocal ? undefined : hand.word });
    }
  }
}
