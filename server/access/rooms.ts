/** Feeds, the rooms of their readers, and which records go to which room. Only this file names rooms. */

import type { FeedName } from '../../protocol/messages.ts';
import type { Row } from '../store/row.ts';

/** Prefixed, so that no user-chosen id can name a room of another kind. */
export const rooms = {
  log: 'log',
  board: 'board',
  store: (store: string) => `store:${store}`,
  own: (driver: string) => `own:${driver}`,
  // Ids contain no line break.
  parcel: (store: string, orderID: string) => `parcel:${store}\n${orderID}`,
} as const;

export interface FeedId {
  readonly name: FeedName;
  readonly room: string;
  /** The feed's store, driver or order. */
  readonly owner?: string;
}

export const feedIds = {
  log: { name: 'log', room: rooms.log },
  board: { name: 'board', room: rooms.board },
  store: (store: string): FeedId => ({ name: 'store', room: rooms.store(store), owner: store }),
  own: (driver: string): FeedId => ({ name: 'own', room: rooms.own(driver), owner: driver }),
  parcel: (store: string, orderID: string): FeedId => ({
    name: 'parcel',
    room: rooms.parcel(store, orderID),
    owner: orderID,
  }),
} as const satisfies Record<string, FeedId | ((...owner: string[]) => FeedId)>;

/** The rooms whose feeds show this record. */
export function roomsOf(row: Row): string[] {
  return [...staffRoomsOf(row), rooms.parcel(row.store, row.orderID)];
}

/** Without that of its customer. */
export function staffRoomsOf({ store, board, drivers }: Row): string[] {
  const named: string[] = [rooms.log, rooms.store(store)];
  if (board !== 'same') named.push(rooms.board);
  for (const driver of drivers) named.push(rooms.own(driver));
  return named;
}
