/**
 * The address of a parcel, as the code on its label holds it. It names the parcel and holds no secret: what it opens is
 * decided by who scans it.
 */

import type { ParcelId } from '../../protocol/orders.ts';

export function parcelLink(origin: string, parcel: ParcelId): string {
  return `${origin}/scan?${parcelQuery(parcel)}`;
}

/** @returns the parameters that name a parcel, as the pages of all roles take them */
export function parcelQuery({ store, orderID }: ParcelId): string {
  return new URLSearchParams({ store, order: orderID }).toString();
}

/** @returns the parcel whose label has this code, at whatever address its shop printed it; undefined for any other code */
export function parcelInCode(code: string): ParcelId | undefined {
  const [, search = ''] = /^https?:\/\/[^/?#]+\/scan\/?(\?[^#]*)/i.exec(code.trim()) ?? [];
  return parcelIn(search);
}

/** @returns undefined if the address names no parcel */
export function parcelIn(search: string): ParcelId | undefined {
  const query = new URLSearchParams(search);
  const [store = '', orderID = ''] = [query.get('store') ?? '', query.get('order') ?? ''];
  return store !== '' && orderID !== '' ? { store, orderID } : undefined;
}

/**
 * @param keeps the parameter that means something else on this page, too
 * @returns the address without the parcel, so that a reload does not open it again
 */
export function withoutParcel(address: string, keeps?: 'store'): string {
  const url = new URL(address);
  for (const name of ['store', 'order']) if (name !== keeps) url.searchParams.delete(name);
  return url.href;
}
