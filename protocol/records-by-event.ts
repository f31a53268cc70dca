/**
 * Records told apart by their event, each with the details that its event may have: what documents show of a record.
 * Whatever reads records goes by `recordSchema`, which takes those of a newer hub as well.
 */

import { z } from 'zod';
import { type EventName, eventNames } from './events.ts';
import { detailsSchemas, recordSchema } from './messages.ts';

/** Details that a newer hub adds are no fault. */
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
