import { keyOf } from '../app/access-key.ts';
import { listKeys } from './access-keys.ts';
import { readEvents } from './history.ts';
import type { ParcelDesk } from './parcel-desk.ts';
import { formatSearch } from './search-text.ts';

/** Bounds the search: drivers' names may differ in capitals alone. */
const recordsMax = 50;

/**
 * Whether a driver with exactly this name is connected, has a key, or is in the log. A mistyped name would assign a
 * parcel to nobody. @throws Error in words for a person
 */
export async function isKnownDriver(desk: ParcelDesk, driver: string): Promise<boolean> {
  const { people } = desk.roster.connected.get();
  if (people.some(({ role, who }) => role === 'driver' && who === driver)) return true;
  const q = formatSearch([
    { field: 'driver', value: driver.toLowerCase().replaceAll('"', ' '), exclude: false },
  ]);
  const { items } = await readEvents({ q, limit: recordsMax }, new AbortController().signal);
  const isTheirs = items.some(
    ({ by, details }) => (by.role === 'driver' && by.id === driver) || details?.['driver'] === driver,
  );
  if (isTheirs || keyOf('admin') === undefined) return isTheirs;
  return (await listKeys()).some((key) => key.driver === driver && key.revokedAt === undefined);
}
