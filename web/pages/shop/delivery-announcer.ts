import type { Announcer } from '../../app/announcer.ts';
import { shop as words } from '../../words/shop.ts';
import type { Orders } from './orders.ts';

/** Announces deliveries to a screen reader: a single one by its order, several by their number. */
export class DeliveryAnnouncer {
  readonly #announcer: Pick<Announcer, 'say'>;
  readonly #orders: Pick<Orders, 'thanks'>;
  /** Deliveries since the last announcement. */
  #count = 0;

  constructor(announcer: Pick<Announcer, 'say'>, orders: Pick<Orders, 'thanks'>) {
    this.#announcer = announcer;
    this.#orders = orders;
  }

  add(count: number): void {
    this.#count += count;
    this.#announcer.say('delivered', () => this.#sentence());
  }

  #sentence(): string {
    const count = this.#count;
    const [latest] = this.#orders.thanks;
    this.#count = 0;
    return count === 1 && latest
      ? words().delivered(latest.customer, latest.orderID)
      : words().deliveredMany(count);
  }
}
