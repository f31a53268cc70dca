/** For tests: stores with a fault that a test which is worth something finds. */

import type { Found } from '../../server/store/store.ts';
import { storeWith } from './store.ts';
import type { Breaking } from './world.ts';

/** Knows no command again. */
export const forgetful: Breaking = (store) =>
  storeWith(store, {
    commit: (wanted, decide) =>
      store.commit(wanted, (found) => {
        const { appends, result } = decide({ ...found, command: () => undefined });
        return { appends: appends.map((append) => ({ ...append, command: undefined })), result };
      }),
  });

/** Reads one record too few. */
export const offByOne: Breaking = (store) =>
  storeWith(store, {
    read: (scope, range) =>
      store.read(scope, 'after' in range ? { ...range, after: range.after + 1 } : range),
  });

/** Takes a page that is as long as it may be for the last one. */
export const fullIsLast: Breaking = (store) =>
  storeWith(store, {
    read: async (scope, range) => {
      const page = await store.read(scope, range);
      return page.rows.length === range.limit ? { ...page, more: false } : page;
    },
  });

/** Read, check, write: the check sees the parcel as it was before somebody claimed it. */
export const stale: Breaking = (store) =>
  storeWith(store, {
    commit: (wanted, decide) =>
      store.commit(wanted, (found) => {
        const parcel = (key: Parameters<Found['parcel']>[0]) => {
          const stored = found.parcel(key);
          if (stored?.parcel.status !== 'claimed') return stored;
          return { ...stored, parcel: { ...stored.parcel, status: 'ready', holder: null } } as const;
        };
        return decide({ ...found, parcel });
      }),
  });
