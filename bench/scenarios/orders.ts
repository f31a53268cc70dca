/** Orders and ids as shops and drivers send them. */

import { uuidv7 } from '../../protocol/ids.ts';
import type { Command } from '../../protocol/messages.ts';
import type { Order } from '../../protocol/orders.ts';

const run = Date.now().toString(36);

export function shopName(shop: number): string {
  return `${shop + 1}-flowers`;
}

export function orderOf(shop: number, n: number): Order {
  return {
    ...{ store: shopName(shop), orderID: `${run}-${n}` },
    ...{ customer: 'Hulda Sophie Parker', address: '835 Meluk Pass, Hodtinihi' },
  };
}

export function pickupOf(shop: number, n: number): Command {
  return { event: 'pickup', id: uuidv7(), payload: orderOf(shop, n) };
}

export function stepOf(event: 'in-transit' | 'delivered' | 'cancelled', shop: number, n: number): Command {
  const { store, orderID } = orderOf(shop, n);
  return { event, id: uuidv7(), payload: { store, orderID } };
}

/** @throws Error if an answer is a refusal, which would make the numbers meaningless */
export function mustAll(answers: string): void {
  if (answers.includes('"ok":false')) throw new Error(answers.slice(0, 300));
}
