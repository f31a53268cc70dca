/** A long history, like a year of a busy city. */

import { fileURLToPath } from 'node:url';
import { type LogEntry, writeLog } from './log-writer.ts';

const eventsPerParcel = 4;
/** Time between two records: a million take two days. */
const everyMs = 172.8;

const people = ['Hulda Parker', 'Emil Stone', 'Zoë Müller', 'Ana Lindqvist', 'Ben Okafor', 'Fay Last'];
const streets = ['Meluk Pass', 'Elm Street', 'Harbour Lane', 'Rue du Bac', 'Vesterbrogade', 'Station Road'];

/** A word of only one parcel, near the beginning. */
export const needle = 'Quentin Zephyrwood';

/** Extends the log in this folder to so many records. */
export async function writeHistory(folder: string, records: number): Promise<void> {
  const tree = fileURLToPath(new URL('..', import.meta.url));
  await writeLog({ folder, records, at: historyAt, everyMs, tree });
}

/** Record number `index` of the history. */
export function historyAt(index: number): LogEntry {
  const parcel = Math.floor(index / eventsPerParcel);
  const store = `${(parcel % 40) + 1}-206-flowers`;
  const payload = { store, orderID: `h${parcel}` };
  const driver = { role: 'driver', driver: `driver-${parcel % 60}` } as const;
  switch (index % eventsPerParcel) {
    case 0: {
      const actor = { role: 'vendor', store } as const;
      return { actor, command: { event: 'pickup', payload: { ...payload, ...customerOf(parcel) } } };
    }
    case 1:
      return { actor: driver, command: { event: 'claimed', payload } };
    case 2:
      return { actor: driver, command: { event: 'in-transit', payload } };
    default:
      return parcel % 20 === 0
        ? { actor: driver, command: { event: 'attempt-failed', payload, details: { reason: 'not-home' } } }
        : { actor: driver, command: { event: 'delivered', payload } };
  }
}

/** The customer of parcel number `parcel`. */
export function customerOf(parcel: number): { customer: string; address: string } {
  const customer = parcel === 1_000 ? needle : (people[parcel % people.length] ?? '');
  return { customer, address: `${(parcel % 900) + 1} ${streets[parcel % streets.length]}` };
}
