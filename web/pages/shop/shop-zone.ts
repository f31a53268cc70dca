import { useEffect, useState } from 'react';
import { zoneOr } from '../../app/zoned-day.ts';
import { fetchProfile } from './profile.ts';

/** @returns the shop's time zone, or the browser's if it has none or the hub does not answer; undefined until that is known */
export function useShopZone(store: string): string | undefined {
  const [zone, setZone] = useState<string>();
  useEffect(() => {
    let isStale = false;
    fetchProfile(store).then(
      ({ timeZone }) => !isStale && setZone(zoneOr(timeZone)),
      () => !isStale && setZone(zoneOr(undefined)),
    );
    return () => {
      isStale = true;
    };
  }, [store]);
  return zone;
}
