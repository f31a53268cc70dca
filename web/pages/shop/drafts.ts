import type { Client, NewCommand } from '../../../client/client.ts';
import type { AcceptedAnswer } from '../../../protocol/messages.ts';
import type { Order } from '../../../protocol/orders.ts';
import { errorText } from '../../app/hub-answer.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { newOrderId } from './order-id.ts';
import type { Draft, NewOrderParts } from './shop-state.ts';

/** A made-up order id that is in use is replaced this often. */
const idTries = 3;

interface DraftsParts {
  readonly store: string;
  readonly client: Pick<Client, 'command'>;
  readonly recorded: (command: NewCommand, answer: AcceptedAnswer) => void;
  readonly changed: () => void;
}

/** New orders on their way to the hub. One that the hub refuses stays until the shop retries or dismisses it. */
export class Drafts {
  readonly #parts: DraftsParts;
  readonly #byId = new Map<string, Draft>();
  #newestFirst: readonly Draft[] | undefined;
  #isClosed = false;

  constructor(parts: DraftsParts) {
    this.#parts = parts;
  }

  /** Newest first; the same array until a draft comes, changes or goes. */
  get list(): readonly Draft[] {
    this.#newestFirst ??= Array.from(this.#byId.values()).reverse();
    return this.#newestFirst;
  }

  send(parts: NewOrderParts): void {
    if (this.#isClosed) return;
    void this.#send({ ...parts, store: this.#parts.store, orderID: newOrderId() }, idTries);
  }

  retry(orderID: string): void {
    const draft = this.#byId.get(orderID);
    if (draft) void this.#send(draft.order, 1);
  }

  dismiss(orderID: string): void {
    this.remove(orderID);
    this.#parts.changed();
  }

  /** The hub has the order. */
  remove(orderID: string): void {
    if (this.#byId.delete(orderID)) this.#newestFirst = undefined;
  }

  close(): void {
    this.#isClosed = true;
  }

  async #send(order: Order, tries: number): Promise<void> {
    const { client, recorded, changed } = this.#parts;
    this.#set({ order, at: hubClock.now() });
    changed();
    const command: NewCommand = { event: 'pickup', payload: order };
    const answer = await client.command(command);
    if (this.#isClosed) return;
    if (answer.ok) {
      recorded(command, answer);
      this.remove(order.orderID);
    } else if (answer.error.code === 'conflict' && tries > 1) {
      this.remove(order.orderID);
      return this.#send({ ...order, orderID: newOrderId() }, tries - 1);
    } else {
      this.#set({ order, at: hubClock.now(), refused: errorText(answer.error) });
    }
    changed();
  }

  #set(draft: Draft): void {
    this.#byId.set(draft.order.orderID, draft);
    this.#newestFirst = undefined;
  }
}
