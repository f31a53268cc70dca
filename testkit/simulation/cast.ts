/** Who plays in the tests, and what they send. */

import { type Command, parseCommand } from '../../protocol/messages.ts';
import type { Actor } from '../../protocol/parcel.ts';

export const admin: Actor = { role: 'admin' };
export const red: Actor = { role: 'vendor', store: 'red' };
export const blue: Actor = { role: 'vendor', store: 'blue' };
export const ana: Actor = { role: 'driver', driver: 'ana', name: 'Ana' };
export const ben: Actor = { role: 'driver', driver: 'ben' };

/** @param id of the command; without it the hub knows a repetition by what it says */
export function order(store: string, orderID: string, id?: string, customer = 'Hulda'): Command {
  const payload = { store, orderID, customer, address: '835 Meluk Pass' };
  return parseCommand({ event: 'pickup', payload, ...(id ? { id } : {}) });
}

export function step(event: string, store: string, orderID: string, more: object = {}): Command {
  return parseCommand({ event, payload: { store, orderID }, ...more });
}
