/**
 * The mutant of the race proof: a hub that checks outside the transaction. It decides commands on an earlier read of
 * their parcels.
 */

import type { LookupResult, StoredParcel } from '../../server/store/store.ts';
import { parcelText } from '../../testkit/log.ts';
import { runMutant } from '../../testkit/mutant-hub.ts';
import { storeWith } from '../../testkit/simulation/store.ts';

/** Longest time between the check and the write. */
const lagMs = 1_000;

await runMutant('reads, checks, and then writes', (store) => {
  const read = new Map<string, { at: number; stored: StoredParcel }>();
  const asItWas =
    (found: LookupResult): LookupResult['parcel'] =>
    (key) => {
      const stored = found.parcel(key);
      const earlier = read.get(parcelText(key));
      if (stored && !earlier) read.set(parcelText(key), { at: Date.now(), stored });
      if (!stored || !earlier || Date.now() - earlier.at > lagMs) return stored;
      const { status, holder } = earlier.stored.parcel;
      return { ...stored, parcel: { ...stored.parcel, status, holder } };
    };
  return storeWith(store, {
    commit: (wanted, decide) =>
      store.commit(wanted, (found) =>
        decide({ head: found.head, command: (key) => found.command(key), parcel: asItWas(found) }),
      ),
  });
});
