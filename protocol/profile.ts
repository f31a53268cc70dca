/** A store's profile: what its customers and couriers are told of it, and what it asks of them. */

import { z } from 'zod';
import { type AskedProof, type ProvenStep, proofWishes } from './asked-proofs.ts';
import { lineProblem } from './characters.ts';
import { isTimeZone } from './time-window.ts';

const lineMax = 200;
const toldMax = 500;
const phoneMax = 40;
const emailMax = 254;
/** One week. */
const leadMinutesMax = 10_080;

/** An empty text counts as absent, because forms send it. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .check(({ value, issues }) => {
      const problem = lineProblem(value);
      if (problem !== undefined) issues.push({ code: 'custom', message: problem, input: value });
    })
    .optional();
const orNothing = (schema: z.ZodType<string | undefined>) => z.union([z.literal(''), schema]).optional();

const wish = z.enum(proofWishes).optional();
const askedProofsSchema = z.strictObject({
  photo: wish,
  signature: wish,
  pin: wish,
  scan: wish,
  receivedBy: wish,
} satisfies Record<AskedProof, typeof wish>);

export const profileSchema = z.strictObject({
  name: line(lineMax).meta({ description: 'The name that customers know.' }),
  phone: orNothing(
    line(phoneMax).pipe(z.string().regex(/^\+?[\d\s()./-]*\d{2}[\d\s()./-]*$/, 'Is not a phone number')),
  ),
  email: orNothing(z.string().trim().max(emailMax).pipe(z.email())),
  address: line(lineMax),
  hours: line(lineMax).meta({ description: 'Opening hours, as free text.' }),
  told: line(toldMax).meta({ description: 'What every customer of the store is told.' }),
  timeZone: orNothing(z.string().refine(isTimeZone, 'Is not a time zone, like Europe/Berlin')).meta({
    description: 'The store’s IANA time zone.',
  }),
  leadMinutes: z.int().min(0).max(leadMinutesMax).optional().meta({
    description: 'Minutes before `notBefore` from which an order is offered to couriers; 60 if absent.',
  }),
  proofs: z
    .strictObject({
      delivery: askedProofsSchema.optional(),
      collection: askedProofsSchema.optional(),
      return: askedProofsSchema.optional(),
    } satisfies Record<ProvenStep, unknown>)
    .optional()
    .meta({
      description:
        'The proofs that couriers are asked for at each step. If absent, a photo and a name are offered.',
    }),
});
export type Profile = z.output<typeof profileSchema>;
