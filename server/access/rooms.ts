/** The feeds that there are, and the rooms in which their readers are told: the one place that names a room. */

import type { FeedName } from '../../protocol/messages.ts';

/** Prefixed, so that no id that a user chose can name a room of another kind. */
export const rooms = {
  log: 'log',
  board: 'board',
  store: (store: string) => `store:${store}`,
  own: (driver: string) => `own:${driver}`,
  // No id has a line break in it.
  parcel: (store: string, orderID: string) => `parcel:${store}\n${orderID}`,
} as const;

export interface FeedKey {
  readonly name: FeedName;
  readonly room: string;
  /** The store, the driver or the order that a feed belongs to. */
  readonly owner?: string;
}

export const feedKeys = {
  log: { name: 'log', room: rooms.log },
  board: { name: 'board', room: rooms.board },
  store: (store: string): FeedKey => ({ name: 'store', room: rooms.store(store), owner: store }),
  own: (driver: string): FeedKey => ({ name: 'own', room: rooms.own(driver), owner: driver }),
  parcel: (store: string, orderID: string): FeedKey => ({
    name: 'parcel',
    room: rooms.parcel(store, orderID),
    owner: orderID,
  }),
} as const satisfies Record<string, FeedKey | ((...owner: string[]) => FeedKey)>;
