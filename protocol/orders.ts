/** The order of a parcel: as a store sends it, as it is amended, and what of that somebody has yet to see. */

import { z } from 'zod';
import { type CoordinateField, degreesMax, missingHalf } from './coordinates.ts';
import type { amendableFields } from './events.ts';
import { isReusedOrderId } from './ids.ts';
import { idSchema, momentSchema, newIdSchema, newTextSchema, textSchema } from './texts.ts';
import { isWindow, type TimeWindow, windowProblem } from './time-window.ts';

export const parcelIdSchema = z.object({ store: idSchema, orderID: idSchema });
export type ParcelId = z.infer<typeof parcelIdSchema>;

const degrees = (field: CoordinateField) => z.number().min(-degreesMax[field]).max(degreesMax[field]);

/**
 * What the `pickup` said and each `amended` changed. Each of the parcel's records has it as it was then. Unknown keys
 * stay.
 */
export const orderSchema = z.looseObject({
  store: idSchema,
  orderID: idSchema,
  customer: textSchema,
  address: textSchema,
  // In older logs these four may be anything: they were unknown keys.
  notBefore: momentSchema.optional().catch(undefined).meta({ type: 'string', format: 'date-time' }),
  email: textSchema.optional().catch(undefined).meta({ type: 'string' }),
  latitude: degrees('latitude').optional().catch(undefined).meta({ type: 'number' }),
  longitude: degrees('longitude').optional().catch(undefined).meta({ type: 'number' }),
  dueAt: momentSchema.optional(),
  phone: textSchema.optional(),
  note: textSchema.optional(),
});
export type Order = z.infer<typeof orderSchema>;

/** Clients may not choose ids of the form that the hub makes up. */
const clientOrderIdSchema = newIdSchema.refine(
  (id) => !isReusedOrderId(id),
  'ends in "~" and a number, as only ids do that the hub makes up',
);

/** An order as a store sends it. Stricter than `orderSchema`: its id must fit into a URL, its texts must be visible. */
export const newOrderFields = orderSchema.extend({
  store: newIdSchema,
  orderID: clientOrderIdSchema,
  customer: newTextSchema,
  address: newTextSchema,
  notBefore: momentSchema.optional(),
  phone: newTextSchema.optional(),
  email: newTextSchema.optional(),
  note: newTextSchema.optional(),
  latitude: degrees('latitude').optional().meta({
    description: 'Where the address is, in degrees of WGS 84. With `longitude`, or neither.',
  }),
  longitude: degrees('longitude').optional(),
});

type Consistent = TimeWindow & Partial<Record<CoordinateField, unknown>>;

/** Refuses a window that ends before it begins, and half a place. */
export function consistent<T extends z.ZodType<Consistent>>(order: T): T {
  return order
    .refine(isWindow, { path: ['notBefore'], message: windowProblem })
    .check(({ value, issues }) => {
      const missing = missingHalf(value);
      if (missing !== undefined)
        issues.push({
          code: 'custom',
          path: [missing],
          message: 'is missing: latitude and longitude come together',
          input: value,
        });
    });
}

export const newOrderSchema = consistent(newOrderFields);

/** What `amended` changes in an order. null removes a field. */
export const amendmentSchema = z.strictObject({
  customer: newTextSchema.optional(),
  address: newTextSchema.optional(),
  phone: newTextSchema.nullable().optional(),
  email: newTextSchema.nullable().optional(),
  note: newTextSchema.nullable().optional(),
  notBefore: momentSchema.nullable().optional(),
  dueAt: momentSchema.nullable().optional(),
  latitude: degrees('latitude').nullable().optional(),
  longitude: degrees('longitude').nullable().optional(),
} satisfies Record<(typeof amendableFields)[number] | CoordinateField, z.ZodType>);
export type Amendment = z.infer<typeof amendmentSchema>;

/** With the parcel's `rev` that its sender saw. */
export const amendmentDetailsSchema = amendmentSchema.extend({ rev: z.int().min(1).optional() });
export type AmendmentDetails = z.infer<typeof amendmentDetailsSchema>;

/** Amendments that the holder has not confirmed with `seen`. */
export const unseenSchema = z.object({
  /** The latest of them. */
  rev: z.int().min(1),
  time: momentSchema,
  /** The changed fields as the holder last knew them; null: there was none. */
  was: z.record(z.string(), z.string().nullable()),
});
export type Unseen = z.infer<typeof unseenSchema>;

/** A driver's urgent note that dispatch has not confirmed with `seen`. */
export const urgentNoteSchema = z.object({
  rev: z.int().min(1),
  time: momentSchema,
  text: z.string(),
  by: z.string(),
  about: z.literal('pin').optional().meta({
    description:
      '`pin`: the hub says that a driver has typed five wrong PINs. `text` is the driver’s urgent note, if there is one as well.',
  }),
});
export type UrgentNote = z.infer<typeof urgentNoteSchema>;
