/** Faulty stores that a good test must catch. */

import { type FieldRevs, fieldRevsAfter } from '../../protocol/amendment.ts';
import { amendableFields } from '../../protocol/events.ts';
import type { ParcelId } from '../../protocol/orders.ts';
import type { Parcel } from '../../protocol/parcel.ts';
import type { Append, LookupResult } from '../../server/store/store.ts';
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

/** Decides about a `conflict` by another memory of who changed which field of an order; what it stores is right. */
function remembering(changed: (revs: FieldRevs, rev: number) => FieldRevs | undefined): StoreFault {
  return (store) =>
    storeWith(store, {
      commit: (wanted, decide) =>
        store.commit(wanted, (found) => {
          const parcel = (key: ParcelId) => {
            const stored = found.parcel(key);
            const revs = stored?.parcel.fieldRevs;
            if (!stored || !revs) return stored;
            return { ...stored, parcel: { ...stored.parcel, fieldRevs: changed(revs, stored.parcel.rev) } };
          };
          const { appends, ...plan } = decide({ ...found, parcel });
          return { ...plan, appends: withTrueRevs(appends, (key) => found.parcel(key)?.parcel) };
        }),
    });
}

function withTrueRevs(
  appends: readonly Append[],
  before: (key: ParcelId) => Parcel | undefined,
): readonly Append[] {
  const latest = new Map<string, Parcel>();
  return appends.map((append) => {
    const { record, parcel } = append;
    const key = `${record.payload.store}/${record.payload.orderID}`;
    const known = latest.get(key) ?? before(record.payload);
    const fieldRevs = known && fieldRevsAfter(known.fieldRevs, known.payload, record);
    const { fieldRevs: _, ...rest } = parcel;
    const truly = fieldRevs ? { ...rest, fieldRevs } : rest;
    latest.set(key, truly);
    return { ...append, parcel: truly };
  });
}

/** Whoever saves last is right. */
export const blind: StoreFault = remembering(() => undefined);

/** Takes a change of one field for a change of all, as a condition on the whole order would. */
export const touchy: StoreFault = remembering((revs) => {
  const latest = Math.max(...Object.values(revs));
  return Object.fromEntries(amendableFields.map((field) => [field, latest]));
});

/** Takes what its sender has seen for something newer. */
export const oneLate: StoreFault = remembering((revs, rev) =>
  Object.fromEntries(Object.entries(revs).map(([field, changedBy]) => [field, Math.min(rev, changedBy) + 1])),
);
