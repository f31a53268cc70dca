/** One small parcel, and deeds on it, as the pure rules decide and fold them. */

import { orderAfter } from '../protocol/amendment-check.ts';
import { type Command, parseCommand } from '../protocol/messages.ts';
import { type Actor, apply, authorOf, decide, type Parcel } from '../protocol/parcel.ts';
import { red } from './simulation/cast.ts';

export const time = '2026-11-20T18:00:00.000Z';
export const key = { store: 'red', orderID: '1' };
export const order = { ...key, customer: 'Hulda', address: '835 Meluk Pass', note: 'Ring twice', gift: true };

export type Deed = readonly [Actor, event: string, details?: object];

export function command(event: string, details?: object): Command {
  return parseCommand({ event, payload: event === 'pickup' ? order : key, ...(details ? { details } : {}) });
}

/** @returns the parcel after one more deed; undefined if that repeats what is known @throws CapsError */
export function next(
  parcel: Parcel | undefined,
  actor: Actor,
  event: string,
  details?: object,
): Parcel | undefined {
  return nextBy(parcel, actor, command(event, details));
}

/** The same for any command. */
export function nextBy(parcel: Parcel | undefined, actor: Actor, given: Command): Parcel | undefined {
  const decision = decide(parcel, given, actor, Date.parse(time));
  if (decision.kind === 'repeats') return undefined;
  return apply(parcel, {
    ...{ event: given.event, time, status: decision.status, via: 'rest' },
    ...{ rev: (parcel?.rev ?? 0) + 1, payload: orderAfter(parcel?.payload, given), by: authorOf(actor) },
    ...(decision.details ? { details: decision.details } : {}),
  });
}

/** The parcel after its order and these deeds. */
export function life(...deeds: readonly Deed[]): Parcel {
  const placed: Deed = [red, 'pickup'];
  let parcel: Parcel | undefined;
  for (const [actor, event, details] of [placed, ...deeds]) {
    parcel = next(parcel, actor, event, details);
    if (!parcel) throw new Error(`${event} repeats`);
  }
  if (!parcel) throw new Error('a life needs a deed');
  return parcel;
}
