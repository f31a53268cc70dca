/** Who has scanned: what this browser is for, and where each role sees the parcel. */

import type { ParcelId } from '../../../protocol/orders.ts';
import type { HubInfo } from '../../../protocol/rest.ts';
import type { KeyedRole } from '../../app/access-key.ts';
import { parcelQuery } from '../../app/parcel-link.ts';

/** What a browser keeps of those who use it. */
export interface BrowserOwner {
  readonly access: HubInfo['access'];
  /** Roles that it has a key for. */
  readonly keys: readonly KeyedRole[];
  readonly driver: string | undefined;
  readonly store: string | undefined;
}

export interface ScanRole {
  readonly role: KeyedRole;
  /** Of the driver or store; empty for dispatch. */
  readonly name: string;
  readonly link: string;
}

/**
 * @returns the roles in which this browser may see the parcel. A shop sees its own parcels alone. On an open hub everybody
 *   may be dispatch, which says nothing about who this is
 */
export function scanRoles(
  { access, keys, driver, store }: BrowserOwner,
  parcel: ParcelId,
): readonly ScanRole[] {
  const isOpen = access === 'open';
  const roles: ScanRole[] = [];
  if (driver !== undefined && (isOpen || keys.includes('driver'))) {
    roles.push({ role: 'driver', name: driver, link: linkFor('driver', parcel, driver) });
  }
  if (store === parcel.store && (isOpen || keys.includes('vendor'))) {
    roles.push({ role: 'vendor', name: store, link: linkFor('vendor', parcel) });
  }
  if (keys.includes('admin')) roles.push({ role: 'admin', name: '', link: linkFor('admin', parcel) });
  return roles;
}

const paths = { driver: '/driver', vendor: '/vendor', admin: '/board' } as const;

/**
 * Each page takes the parcel from its address and opens it.
 * @param driver whose page, if that is known: a page that is told so does not try anything out by itself
 */
export function linkFor(role: KeyedRole, parcel: ParcelId, driver?: string): string {
  const whose = driver === undefined ? '' : `${new URLSearchParams({ driver })}&`;
  return `${paths[role]}?${whose}${parcelQuery(parcel)}`;
}
