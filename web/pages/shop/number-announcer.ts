import type { Order } from '../../../protocol/orders.ts';
import type { Announcer } from '../../app/announcer.ts';
import { shop as words } from '../../words/shop.ts';

/** Announces to a screen reader that an order got another number than it was shown with; several by their number. */
export class NumberAnnouncer {
  readonly #announcer: Pick<Announcer, 'say'>;
  /** Orders since the last announcement. */
  #count = 0;

  constructor(announcer: Pick<Announcer, 'say'>) {
    this.#announcer = announcer;
  }

  add({ customer, orderID }: Order, before: string): void {
    this.#count += 1;
    this.#announcer.say('number', () => {
      const count = this.#count;
      this.#count = 0;
      return count === 1 ? words().renumbered(customer, orderID, before) : words().renumberedMany(count);
    });
  }
}
