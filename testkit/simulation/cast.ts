/** The actors of tests, and their commands. */

import { type Command, parseCommand } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';

export const admin: Actor = { role: 'admin' };
export const red: Actor = { role: 'vendor', store: 'red' };
export const blue: Actor = { role: 'vendor', store: 'blue' };
export const ana: Actor = { role: 'driver', driver: 'ana', name: 'Ana' };
export const ben: Actor = { role: 'driver', driver: 'ben' };

/** @param id of the command; without one the hub compares its content with the parcel's latest record */
export function order(store: string, orderID: string, id?: string, customer = 'Hulda'): Command {
  const payload = { store, orderID, customer, address: '835 Meluk Pass' };
  return parseCommand({ event: 'pickup', payload, ...(id ? { id } : {}) });
}

export function step(event: string, store: string, orderID: string, more: object = {}): Command {
  return parseCommand({ event, payload: { store, orderID }, ...more });
}
