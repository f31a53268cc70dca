/** What is to be printed. */

import type { ParcelView } from '../../../protocol/messages.ts';
import type { Order } from '../../../protocol/orders.ts';

export interface PrintedOrder {
  readonly order: Order;
  /** Whose list it stands on. */
  readonly driver?: ParcelView['holder'];
}

/** `lists`: one for each courier. */
export const printKinds = ['labels', 'list', 'lists'] as const;
export type PrintKind = (typeof printKinds)[number];

export interface PrintJob {
  readonly orders: readonly PrintedOrder[];
  readonly kind: PrintKind;
}

export function printedOf({ payload, holder }: ParcelView): PrintedOrder {
  return { order: payload, driver: holder };
}

/** As many as are drawn and printed at once: a browser needs seconds for more. */
export const printedMax = 500;

export interface CourierList {
  /** Undefined: nobody has them yet. */
  readonly driver: PrintedOrder['driver'];
  readonly orders: readonly PrintedOrder[];
}

/** @returns the orders by courier, in the order in which each courier comes first; those of nobody last */
export function listsOf(orders: readonly PrintedOrder[], kind: PrintKind): readonly CourierList[] {
  if (kind !== 'lists') return [{ driver: undefined, orders }];
  const lists = Array.from(
    Map.groupBy(orders, ({ driver }) => driver?.id),
    ([, own]) => ({ driver: own[0]?.driver, orders: own }),
  );
  return [...lists.filter(({ driver }) => driver), ...lists.filter(({ driver }) => !driver)];
}
