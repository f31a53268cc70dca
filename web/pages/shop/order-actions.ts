import type { Client, NewCommand } from '../../../client/client.ts';
import type { WireError } from '../../../protocol/errors.ts';
import type { AcceptedAnswer } from '../../../protocol/messages.ts';
import type { Amendment } from '../../../protocol/orders.ts';
import { errorText } from '../../app/hub-answer.ts';
import { hubClock } from '../../app/hub-clock.ts';
import type { Timers } from '../../app/timers.ts';
import type { Orders } from './orders.ts';
import type { ActionState } from './shop-state.ts';

const undoMs = 20_000;

interface OrderActionsParts {
  readonly store: string;
  readonly client: Pick<Client, 'command'>;
  readonly timers: Timers;
  readonly orders: Orders;
  readonly recorded: (command: NewCommand, answer: AcceptedAnswer) => void;
  readonly changed: () => void;
}

/** What a shop does with an order that the hub has, and how that goes. The order keeps its place meanwhile. */
export class OrderActions {
  readonly #parts: OrderActionsParts;
  #states: ReadonlyMap<string, ActionState> = new Map();
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
    this.#set(orderID, undefined);
  }

  /** Changes an order. @returns the error if the hub refused it */
  async amend(orderID: string, changes: Amendment): Promise<WireError | undefined> {
    const command: NewCommand = { event: 'amended', payload: this.#parcel(orderID), details: changes };
    const answer = await this.#parts.client.command(command);
    if (!answer.ok) return answer.error;
    if (!this.#isClosed) {
      this.#parts.recorded(command, answer);
      this.#parts.changed();
    }
    return undefined;
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
