import { useEffect, useMemo, useState } from 'react';
import type { Profile } from '../../../protocol/profile.ts';
import { readLinkOrigin } from '../../app/link-origin.ts';
import { parcelLink } from '../../app/parcel-link.ts';
import { zoneOr } from '../../app/zoned-day.ts';
import { fetchProfile } from './profile.ts';

/** What sheets say besides the orders. */
export interface SheetParts {
  readonly store: string;
  readonly profile: Profile;
  readonly zone: string;
  readonly linkTo: (orderID: string) => string;
}

/** @returns undefined until the shop's details and the hub's address are known */
export function useSheetParts(store: string): { parts: SheetParts | undefined; hasFailed: boolean } {
  const [profile, setProfile] = useState<Profile | 'failed'>();
  const [origin, setOrigin] = useState<string>();
  useEffect(() => {
    let isStale = false;
    fetchProfile(store).then(
      (found) => !isStale && setProfile(found),
      () => !isStale && setProfile('failed'),
    );
    readLinkOrigin().then(
      (found) => !isStale && setOrigin(found),
      // This address opens the hub at least here.
      () => !isStale && setOrigin(location.origin),
    );
    return () => {
      isStale = true;
    };
  }, [store]);
  const parts = useMemo(() => {
    if (profile === undefined || origin === undefined) return undefined;
    const known = profile === 'failed' ? {} : profile;
    const linkTo = (orderID: string) => parcelLink(origin, { store, orderID });
    return { store, profile: known, zone: zoneOr(known.timeZone), linkTo };
  }, [store, profile, origin]);
  return { parts, hasFailed: profile === 'failed' };
}
