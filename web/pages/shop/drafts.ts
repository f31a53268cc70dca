import type { Client, NewCommand } from '../../../client/client.ts';
import { uuidv7 } from '../../../protocol/ids.ts';
import type { AcceptedAnswer, Answer } from '../../../protocol/messages.ts';
import type { Order } from '../../../protocol/orders.ts';
import { errorText } from '../../app/hub-answer.ts';
import type { NewOrderParts } from '../../ui/order-text.ts';
import { newOrderId } from './order-id.ts';
import type { OrderNumbers } from './order-numbers.ts';
import type { Draft } from './shop-state.ts';

/** A number that is taken is replaced this often, the last one by letters that nobody else has. */
const numbersMax = 16;
/** Nobody has told a customer a number that was shown for a shorter time. */
const glanceMs = 2_000;

interface DraftsParts {
  readonly store: string;
  readonly client: Pick<Client, 'command'>;
  readonly numbers: Pick<OrderNumbers, 'next'>;
  readonly recorded: (command: NewCommand, answer: AcceptedAnswer) => void;
  /** Called for an order that was recorded under another number than people had time to read. */
  readonly renumbered: (order: Order, before: string) => void;
  /** The hub has made an order of a sample. */
  readonly sampled?: (orderID: string) => void;
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

  /** @param isSample it was made up */
  send(parts: NewOrderParts, isSample = false): void {
    if (this.#isClosed) return;
    const { store, numbers } = this.#parts;
    const orderID = numbers.next();
    const order = { ...parts, store, orderID };
    void this.#send({ id: uuidv7(), order, firstNumber: orderID, startedMs: Date.now(), isSample });
  }

  retry(orderID: string): void {
    const draft = this.#byId.get(orderID);
    if (draft) void this.#send({ ...draft, refused: undefined });
  }

  dismiss(orderID: string): void {
    this.#remove(orderID);
    this.#parts.changed();
  }

  /**
   * The hub has an order of this number, maybe this one before its answer came. One that the hub refused stays: the order
   * is another till's.
   */
  found(orderID: string): void {
    if (this.#byId.get(orderID)?.refused === undefined) this.#remove(orderID);
  }

  close(): void {
    this.#isClosed = true;
  }

  /**
   * Sends the draft until a number is its own. Each try has the same command id, of which the hub makes one record.
   *
   * @param taken how many numbers of this order were taken already
   */
  async #send(draft: Draft, taken = 0): Promise<void> {
    const { client, numbers, recorded, changed } = this.#parts;
    const { id, order } = draft;
    this.#set(draft);
    changed();
    const command: NewCommand = { event: 'pickup', payload: order, id };
    const answer = await client.command(command);
    if (this.#isClosed) return;
    if (isTaken(answer) && taken < numbersMax) {
      this.#remove(order.orderID);
      const orderID = taken + 1 < numbersMax ? numbers.next(taken + 1) : newOrderId();
      return this.#send({ ...draft, order: { ...order, orderID } }, taken + 1);
    }
    if (answer.ok) {
      if (draft.isSample) this.#parts.sampled?.(order.orderID);
      recorded(command, answer);
      this.#compareNumbers(draft);
      this.#remove(order.orderID);
    } else if (answer.error.code === 'id-reused') {
      // The duplicate was our own: the hub has recorded this order under an earlier number, and the feed brings it.
      this.#remove(order.orderID);
    } else {
      this.#set({ ...draft, refused: errorText(answer.error) });
    }
    changed();
  }

  #compareNumbers({ order, firstNumber, startedMs }: Draft): void {
    if (order.orderID === firstNumber || Date.now() - startedMs < glanceMs) return;
    this.#parts.renumbered(order, firstNumber);
  }

  #remove(orderID: string): void {
    if (this.#byId.delete(orderID)) this.#newestFirst = undefined;
  }

  #set(draft: Draft): void {
    this.#byId.set(draft.order.orderID, draft);
    this.#newestFirst = undefined;
  }
}

/**
 * Whether the number may belong to another order. A duplicate may be another till's order, or an older one, that says the
 * very same. If it is our own, the hub refuses the next number with `id-reused`.
 */
function isTaken(answer: Answer): boolean {
  return answer.ok ? answer.duplicate === true : answer.error.code === 'conflict';
}
