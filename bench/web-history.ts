/** A long history, written straight through the store: what a year of a busy city would leave behind. */

import type { Command } from '../protocol/messages.ts';
import type { Actor } from '../protocol/parcel.ts';
import { byOf } from '../protocol/parcel.ts';
import { decideBatch, type Job, wantedOf } from '../server/commit.ts';
import { openSqliteStore } from '../server/store/sqlite.ts';

const batchMax = 4_000;
const eventsPerParcel = 4;
/** Between two records, so that a million of them are two days. */
const everyMs = 172.8;

const people = ['Hulda Parker', 'Emil Stone', 'Zoë Müller', 'Ana Lindqvist', 'Ben Okafor', 'Fay Last'];
const streets = ['Meluk Pass', 'Elm Street', 'Harbour Lane', 'Rue du Bac', 'Vesterbrogade', 'Station Road'];

/** Of one parcel near the beginning, and of no other. */
export const needle = 'Quentin Zephyrwood';

/** Fills the log in this folder up to so many records; what is there already stays. */
export async function writeHistory(folder: string, records: number): Promise<void> {
  const store = openSqliteStore(folder);
  try {
    const { seq } = await store.head();
    const start = Date.now() - records * everyMs;
    for (let done = seq; done < records; ) {
      const jobs = jobsOf(done, Math.min(batchMax, records - done));
      const fail = (error: unknown) => {
        throw error;
      };
      const now = start + done * everyMs;
      const { rows } = await store.commit(wantedOf(jobs), (found) =>
        decideBatch(jobs, found, { now, refusals: { of: () => undefined }, onFault: fail }),
      );
      if (rows.length !== jobs.length) throw new Error(`${rows.length} of ${jobs.length} were recorded`);
      done += rows.length;
    }
  } finally {
    await store.close();
  }
}

function jobsOf(from: number, count: number): Job[] {
  return Array.from({ length: count }, (_, i) => jobOf(from + i));
}

/** Record number `index` of the history. */
function jobOf(index: number): Job {
  const parcel = Math.floor(index / eventsPerParcel);
  const store = `${(parcel % 40) + 1}-206-flowers`;
  const payload = { store, orderID: `h${parcel}` };
  const driver = `driver-${parcel % 60}`;
  switch (index % eventsPerParcel) {
    case 0: {
      const customer = parcel === 1_000 ? needle : (people[parcel % people.length] ?? '');
      const address = `${(parcel % 900) + 1} ${streets[parcel % streets.length]}`;
      return job({ role: 'vendor', store }, { event: 'pickup', payload: { ...payload, customer, address } });
    }
    case 1:
      return job({ role: 'driver', driver }, { event: 'claimed', payload });
    case 2:
      return job({ role: 'driver', driver }, { event: 'in-transit', payload });
    default:
      return parcel % 20 === 0
        ? job(
            { role: 'driver', driver },
            { event: 'attempt-failed', payload, details: { reason: 'not-home' } },
          )
        : job({ role: 'driver', driver }, { event: 'delivered', payload });
  }
}

function job(actor: Actor, command: Command): Job {
  const by = byOf(actor);
  const settle = () => {};
  return { actor, by, sender: `${by.role}:${by.id}`, door: 'socket.io', command, settle };
}
