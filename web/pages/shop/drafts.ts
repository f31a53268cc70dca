import type { Client, NewCommand } from '../../../client/client.ts';
import type { AcceptedAnswer, Answer } from '../../../protocol/messages.ts';
import { errorText } from '../../app/hub-answer.ts';
import { hubClock } from '../../app/hub-clock.ts';
import { newOrderId } from './order-id.ts';
import type { OrderNumbers } from './order-numbers.ts';
import type { Draft, NewOrderParts } from './shop-state.ts';

/** A number that is taken is replaced this often, the last one by letters that nobody else has. */
const numbersMax = 16;
/** By so much this page's idea of the hub's time may be off. */
const clockMs = 5_000;

interface DraftsParts {
  readonly store: string;
  readonly client: Pick<Client, 'command'>;
  readonly numbers: Pick<OrderNumbers, 'next'>;
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
    const { store, numbers } = this.#parts;
    void this.#send({ order: { ...parts, store, orderID: numbers.next() }, startedMs: Date.now() });
  }

  retry(orderID: string): void {
    const draft = this.#byId.get(orderID);
    if (draft) void this.#send({ order: draft.order, startedMs: draft.startedMs });
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

  /** @param taken how many numbers of this order were taken already */
  async #send(draft: Draft, taken = 0): Promise<void> {
    const { client, numbers, recorded, changed } = this.#parts;
    const { order } = draft;
    this.#set(draft);
    changed();
    const command: NewCommand = { event: 'pickup', payload: order };
    const answer = await client.command(command);
    if (this.#isClosed) return;
    if (isTaken(answer, draft) && taken < numbersMax) {
      this.remove(order.orderID);
      const orderID = taken + 1 < numbersMax ? numbers.next(taken + 1) : newOrderId();
      return this.#send({ ...draft, order: { ...order, orderID } }, taken + 1);
    }
    if (answer.ok) {
      recorded(command, answer);
      this.remove(order.orderID);
    } else {
      this.#set({ ...draft, refused: errorText(answer.error) });
    }
    changed();
  }

  #set(draft: Draft): void {
    this.#byId.set(draft.order.orderID, draft);
    this.#newestFirst = undefined;
  }
}

/**
 * Whether the number belongs to another order. That may say the very same, as a regular customer's does: then the hub
 * takes the new one for a repeat of it, but it is older than the draft.
 */
function isTaken(answer: Answer, { startedMs }: Draft): boolean {
  if (!answer.ok) return answer.error.code === 'conflict';
  if (!answer.duplicate) return false;
  const started = hubClock.now() - (Date.now() - startedMs);
  return Date.parse(answer.time) < started - clockMs;
}
