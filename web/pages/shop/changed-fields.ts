import { changesFrom } from '../../../protocol/amendment.ts';
import type { Order } from '../../../protocol/orders.ts';
import { oneLine } from '../../app/lines.ts';
import { type OrderTextField, orderTextFields } from '../../ui/order-text.ts';

/** What an amendment made of a field; undefined: the order has none. */
export interface ChangedField {
  readonly name: OrderTextField;
  readonly was: string | undefined;
  readonly is: string | undefined;
}

/** @returns the fields that differ, in the order of the form */
export function changedFields(before: Order, after: Order): readonly ChangedField[] {
  const changes = changesFrom(before, after);
  return orderTextFields
    .filter((name) => changes[name] !== undefined)
    .map((name) => ({ name, was: textIn(before[name]), is: textIn(after[name]) }));
}

function textIn(value: string | undefined): string | undefined {
  return typeof value === 'string' ? oneLine(value) : undefined;
}
