/** What a shop's page shows. Parts that have not changed are the same objects as before. */

import type { Order } from '../../../protocol/orders.ts';
import type { Profile } from '../../../protocol/profile.ts';
import type { AutoState } from '../../app/auto.ts';
import type { ThankYou, UnreadNote } from './orders.ts';
import type { PlacedOrder, StatusCounts } from './placed-orders.ts';

/** An order on its way to the hub, or refused by it. */
export interface Draft {
  /** The id of its command, under whatever number it goes. */
  readonly id: string;
  /** The number that it was first shown with. */
  readonly firstNumber: string;
  /** Since when, in milliseconds since 1970 by this device's clock. */
  readonly startedMs: number;
  readonly order: Order;
  readonly isSample?: boolean | undefined;
  readonly refused?: string | undefined;
}

/** How the shop's latest action on an order goes. */
export type ActionState =
  | { readonly kind: 'working' }
  /** A change of the order that waits for the connection. */
  | { readonly kind: 'amending' }
  | { readonly kind: 'undo'; readonly rev: number }
  | { readonly kind: 'refused'; readonly message: string };

export interface ShopState {
  /** Newest first. */
  readonly drafts: readonly Draft[];
  /** What needs attention, then what is for later by its time, then the others, newest first. */
  readonly orders: readonly PlacedOrder[];
  /** Of the orders; the same list while none comes, goes or moves. */
  readonly ids: readonly string[];
  readonly counts: StatusCounts;
  readonly late: number;
  /** Number of orders for later. */
  readonly later: number;
  /** How many older orders are not kept in this page. */
  readonly dropped: number;
  readonly loading: 'loading' | 'done' | 'failed';
  /** The hub has older orders that this page does not. */
  readonly hasOlder: boolean;
  readonly actions: ReadonlyMap<string, ActionState>;
  /** What others said about an order and nobody here has read. */
  readonly said: ReadonlyMap<string, UnreadNote>;
  readonly thanks: readonly ThankYou[];
  readonly thanked: number;
  readonly auto: AutoState;
  readonly everySeconds: number;
  /** What is known of the shop's own profile. */
  readonly profile: Profile;
}
