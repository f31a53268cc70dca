import type { Client, ClientEvents, NewCommand } from '../../../client/client.ts';
import { changeableFields } from '../../../protocol/amendment.ts';
import type { WireError } from '../../../protocol/errors.ts';
import { uuidv7 } from '../../../protocol/ids.ts';
import type { AcceptedAnswer, Answer } from '../../../protocol/messages.ts';
import type { Amendment, AmendmentDetails } from '../../../protocol/orders.ts';
import { errorText } from '../../app/hub-answer.ts';
import { hubClock } from '../../app/hub-clock.ts';
import type { Timers } from '../../app/timers.ts';
import type { Orders } from './orders.ts';
import type { ActionState } from './shop-state.ts';

const undoMs = 20_000;
/** A change that takes longer is shown as kept. */
const soonMs = 400;

/** A change of an order that has no answer yet. */
interface PendingAmendment {
  readonly id: string;
  /** What its fields said before. */
  readonly was: Amendment;
  readonly withdrawn: () => void;
  /** Somebody has taken it back, but it may be on its way. */
  isLeft: boolean;
}

interface OrderActionsParts {
  readonly store: string;
  readonly client: Pick<Client, 'command' | 'withdraw' | 'dismiss'>;
  readonly timers: Timers;
  readonly orders: Orders;
  readonly recorded: (command: NewCommand, answer: AcceptedAnswer) => void;
  readonly changed: () => void;
}

/** What a shop does with an order that the hub has, and how that goes. The order keeps its place meanwhile. */
export class OrderActions {
  readonly #parts: OrderActionsParts;
  #states: ReadonlyMap<string, ActionState> = new Map();
  /** By order id. */
  readonly #amendments = new Map<string, PendingAmendment>();
  /** Refused changes that the browser still has. */
  readonly #kept = new Map<string, string>();
  #isClosed = false;

  constructor(parts: OrderActionsParts) {
    this.#parts = parts;
  }

  /** By order id; the same map until one changes. */
  get states(): ReadonlyMap<string, ActionState> {
    return this.#states;
  }

  /** Cancels an order, or takes it back from the driver. The page offers to undo it for a while. */
  async step(orderID: string, event: 'cancelled' | 'returned'): Promise<void> {
    await this.#act(orderID, { event, payload: this.#parcel(orderID) }, ({ rev }) => {
      const undo: ActionState = { kind: 'undo', rev };
      this.#parts.timers.after(undoMs, () => {
        if (this.#states.get(orderID) === undo) this.#set(orderID, undefined);
      });
      return undo;
    });
  }

  async undo(orderID: string): Promise<void> {
    const state = this.#states.get(orderID);
    if (state?.kind !== 'undo') return;
    const { rev } = state;
    await this.#act(orderID, { event: 'corrected', payload: this.#parcel(orderID), details: { rev } });
  }

  /** Dismisses the message on an order. */
  acknowledge(orderID: string): void {
    const id = this.#kept.get(orderID);
    if (id !== undefined) this.#parts.client.dismiss(id);
    this.#kept.delete(orderID);
    this.#set(orderID, undefined);
  }

  /**
   * Changes an order. Without a connection the change is kept, and sent when that is back, if need be by a later page.
   * @returns the error if the hub refused it; `withdrawn` if it was taken back
   */
  amend(orderID: string, details: AmendmentDetails): Promise<WireError | 'withdrawn' | undefined> {
    const command = { event: 'amended', payload: this.#parcel(orderID), details, id: uuidv7() } as const;
    return this.#follow(command, this.#parts.client.command(command, { keep: true }));
  }

  /**
   * Takes back a change that has no answer yet. If it may be on its way already, the order is changed back once the hub has
   * answered. @returns false then
   */
  leave(orderID: string): boolean {
    const pending = this.#amendments.get(orderID);
    if (!pending) return false;
    if (!this.#parts.client.withdraw(pending.id)) {
      pending.isLeft = true;
      return false;
    }
    pending.withdrawn();
    return true;
  }

  /** Takes over the changes that an earlier page left, and shows those that the hub refused it. */
  restore({ waiting, refused }: ClientEvents['left']): void {
    for (const { command, answer } of waiting) {
      if (command.event !== 'amended') continue;
      this.#set(command.payload.orderID, { kind: 'amending' });
      void this.#follow(command, answer);
    }
    for (const { command, refusal } of refused) {
      if (refusal) this.#refused(command.payload.orderID, command.id, refusal);
    }
  }

  /** Sends a note to whoever has the order. @returns the reason if the hub refused it */
  async note(orderID: string, text: string): Promise<string | undefined> {
    const payload = this.#parcel(orderID);
    const answer = await this.#parts.client.command({ event: 'note', payload, details: { text } });
    return answer.ok ? undefined : errorText(answer.error);
  }

  /** Marks the notes on an order as read. */
  read(orderID: string): void {
    this.#parts.orders.read(orderID);
    this.#parts.changed();
  }

  /** Forgets all states: the orders are gone. */
  clear(): void {
    this.#states = new Map();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #follow(
    command: NewCommand & { id: string },
    answered: Promise<Answer>,
  ): Promise<WireError | 'withdrawn' | undefined> {
    const { orderID } = command.payload;
    const { id } = command;
    const { client, timers, recorded } = this.#parts;
    let withdrawn = (): void => {};
    const taken = new Promise<undefined>((resolve) => {
      withdrawn = () => resolve(undefined);
    });
    const pending = { id, was: this.#wordsBefore(command), withdrawn, isLeft: false };
    this.#amendments.set(orderID, pending);
    let isLong = this.#states.get(orderID)?.kind === 'amending';
    timers.after(soonMs, () => {
      if (this.#amendments.get(orderID)?.id !== id || this.#isClosed) return;
      isLong = true;
      this.#set(orderID, { kind: 'amending' });
    });
    const answer = await Promise.race([answered, taken]);
    if (this.#amendments.get(orderID)?.id === id) this.#amendments.delete(orderID);
    if (this.#isClosed) return undefined;
    if (this.#states.get(orderID)?.kind === 'amending') this.#set(orderID, undefined);
    if (!answer) return 'withdrawn';
    if (answer.ok) {
      recorded(command, answer);
      this.#parts.changed();
      if (pending.isLeft) void this.amend(orderID, { ...pending.was, rev: answer.rev });
      return undefined;
    }
    // Who saved it may have left the form meanwhile.
    if (isLong) this.#refused(orderID, id, answer.error);
    else client.dismiss(id);
    return answer.error;
  }

  /** What the fields of a change say now. */
  #wordsBefore({ payload, details }: NewCommand): Amendment {
    const order = this.#parts.orders.placed.get(payload.orderID)?.view.payload;
    // Another address drops the place of the old one.
    const fields = changeableFields.filter(
      (field) => details && (field in details || ('address' in details && field.endsWith('itude'))),
    );
    return order ? Object.fromEntries(fields.map((field) => [field, order[field] ?? null])) : {};
  }

  #refused(orderID: string, id: string, error: WireError): void {
    this.#kept.set(orderID, id);
    this.#set(orderID, { kind: 'refused', message: errorText(error) });
  }

  #parcel(orderID: string): { store: string; orderID: string } {
    return { store: this.#parts.store, orderID };
  }

  /** @param stateAfter the state of the order once the hub has recorded the command */
  async #act(
    orderID: string,
    command: NewCommand,
    stateAfter?: (answer: AcceptedAnswer) => ActionState,
  ): Promise<void> {
    this.#set(orderID, { kind: 'working' });
    const answer = await this.#parts.client.command(command);
    if (this.#isClosed) return;
    if (answer.ok) {
      this.#parts.recorded(command, answer);
      this.#set(orderID, stateAfter?.(answer));
    } else {
      this.#set(orderID, { kind: 'refused', message: errorText(answer.error) });
    }
  }

  #set(orderID: string, state: ActionState | undefined): void {
    const { placed } = this.#parts.orders;
    if (state) placed.hold(orderID);
    else placed.release(orderID, hubClock.now());
    const states = new Map(this.#states);
    if (state) states.set(orderID, state);
    else states.delete(orderID);
    this.#states = states;
    this.#parts.changed();
  }
}
