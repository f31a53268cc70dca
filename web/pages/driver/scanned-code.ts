import type { ParcelId } from '../../../protocol/orders.ts';
import { parcelInCode } from '../../app/parcel-link.ts';

/** What a code proves of the parcel at hand, or which other parcel's label it is on. */
export type ScannedCode = { readonly proof: string } | { readonly other: ParcelId };

/** Of a label it is the order's id that counts. Any other code is taken as it is: goods have codes of their own. */
export function scannedCode(code: string, { store, orderID }: ParcelId): ScannedCode {
  const labelled = parcelInCode(code);
  if (!labelled) return { proof: code };
  const isThis = labelled.store === store && labelled.orderID === orderID;
  return isThis ? { proof: orderID } : { other: labelled };
}
