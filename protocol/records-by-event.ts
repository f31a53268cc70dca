/**
 * Records as a union over their event, each with its event's details, for the documents. Programs parse records with
 * `recordSchema`, which accepts those of a newer hub as well.
 */

import { z } from 'zod';
import { type EventName, eventNames } from './events.ts';
import { detailsSchemas, recordSchema } from './messages.ts';

/** Accepts further details, which a newer hub may add. */
function recordOf<E extends EventName>(event: E) {
  const details = z.object(detailsSchemas[event].shape);
  const isNeeded = !details.safeParse({}).success;
  return recordSchema.extend({ event: z.literal(event), details: isNeeded ? details : details.optional() });
}

const others = eventNames.filter((event) => event !== 'pickup');
export const recordsByEventSchema = z.discriminatedUnion('event', [
  recordOf('pickup'),
  ...others.map((event) => recordOf(event)),
]);
