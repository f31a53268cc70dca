/** Faulty stores that a good test must catch. */

import type { LookupResult } from '../../server/store/store.ts';
import { storeWith } from './store.ts';
import type { StoreFault } from './world.ts';

/** Forgets all commands. */
export const forgetful: StoreFault = (store) =>
  storeWith(store, {
    commit: (wanted, decide) =>
      store.commit(wanted, (found) => {
        const { appends, result } = decide({ ...found, command: () => undefined });
        return { appends: appends.map((append) => ({ ...append, command: undefined })), result };
      }),
  });

/** Reads one record too few. */
export const offByOne: StoreFault = (store) =>
  storeWith(store, {
    read: (scope, range) =>
      store.read(scope, 'after' in range ? { ...range, after: range.after + 1 } : range),
  });

/** Takes a full page for the last one. */
export const fullIsLast: StoreFault = (store) =>
  storeWith(store, {
    read: async (scope, range) => {
      const page = await store.read(scope, range);
      return page.rows.length === range.limit ? { ...page, more: false } : page;
    },
  });

/** Checks an outdated parcel: read, check, write without a transaction. */
export const stale: StoreFault = (store) =>
  storeWith(store, {
    commit: (wanted, decide) =>
      store.commit(wanted, (found) => {
        const parcel = (key: Parameters<LookupResult['parcel']>[0]) => {
          const stored = found.parcel(key);
          if (stored?.parcel.status !== 'claimed') return stored;
          return { ...stored, parcel: { ...stored.parcel, status: 'ready', holder: null } } as const;
        };
        return decide({ ...found, parcel });
      }),
  });
