/** Steps of parcels, as the store's contract writes them: straight through the port. */

import type { EventName, Status } from '../../protocol/events.ts';
import type { Author } from '../../protocol/messages.ts';
import type { ParcelId } from '../../protocol/orders.ts';
import { apply, type Parcel, type UnnumberedRecord } from '../../protocol/parcel.ts';
import type { Board, Row } from '../../server/store/row.ts';
import type { Append, LookupResult, Scope, Store } from '../../server/store/store.ts';

export const ana: Author = { role: 'driver', id: 'ana' };

interface Step extends ParcelId {
  readonly event: EventName;
  readonly status: Status;
  readonly by?: Author;
  readonly id?: string;
  readonly board?: Board;
}

export const pickup = (store: string, orderID: string, id?: string): Step => ({
  ...{ event: 'pickup', status: 'ready', store, orderID, board: 'on' },
  ...(id === undefined ? {} : { id }),
});
export const claimed = (store: string, orderID: string, by: Author = ana): Step => ({
  ...{ event: 'claimed', status: 'claimed', store, orderID, by, board: 'off' },
});
export const collected = (store: string, orderID: string): Step => ({
  ...{ event: 'in-transit', status: 'in-transit', store, orderID, by: ana },
});
export const delivered = (store: string, orderID: string): Step => ({
  ...{ event: 'delivered', status: 'delivered', store, orderID, by: ana },
});

/** Appends for these steps, each on the state that the ones before it left. */
export function appendsOf(found: LookupResult, steps: readonly Step[]): Append[] {
  const parcels = new Map<string, Parcel>();
  return steps.map(({ event, status, store, orderID, by, id, board = 'same' }, index) => {
    const name = `${store}/${orderID}`;
    const before = parcels.get(name) ?? found.parcel({ store, orderID })?.parcel;
    const record: UnnumberedRecord = {
      ...{ event, status, rev: (before?.rev ?? 0) + 1, via: 'socket.io' },
      time: new Date(Date.parse('2026-11-20T18:00:00Z') + 1000 * (found.head.seq + index)).toISOString(),
      payload: { store, orderID, customer: 'Zoë “Q” \\ </script>', address: '835 Meluk Pass' },
      by: by ?? { role: 'vendor', id: store },
    };
    const parcel = apply(before, record);
    parcels.set(name, parcel);
    const actor = `${record.by.role}:${record.by.id}`;
    return { record, parcel, board, command: id === undefined ? undefined : { actor, id } };
  });
}

export async function commit(store: Store, ...steps: Step[]): Promise<readonly Row[]> {
  const { rows } = await store.commit({ parcels: steps, commands: [] }, (found) => ({
    appends: appendsOf(found, steps),
    result: undefined,
  }));
  return rows;
}

export const everything = { after: 0, limit: 1000 };
export const inAll: Scope = { kind: 'all' };
export const ofRed: Scope = { kind: 'store', store: 'red' };
