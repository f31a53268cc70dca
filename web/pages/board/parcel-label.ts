import type { ParcelView } from '../../../protocol/messages.ts';
import { oneLine } from '../../app/lines.ts';

/** A person is named before a number. */
export function parcelLabel({ payload: { customer, orderID } }: ParcelView): string {
  return `${oneLine(customer)} · ${oneLine(orderID)}`;
}
