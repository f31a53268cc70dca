/** Proofs of delivery, collection and return. The photos themselves are blobs beside the log; a record has their hash. */

import { z } from 'zod';
import { proofKinds } from './events.ts';
import { momentSchema, newTextSchema } from './texts.ts';

/** SHA-256 of a blob's bytes, as hexadecimal digits. */
export const blobHashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'Must be 64 of the digits 0-9 and a-f');

/** An image that the hub keeps. */
export const blobSchema = z.object({
  hash: blobHashSchema,
  type: z.enum(['image/jpeg', 'image/png', 'image/webp']).meta({ description: 'By its first bytes.' }),
  bytes: z.int(),
  width: z.int().meta({ description: 'In pixels.' }),
  height: z.int(),
});

/** How a PIN was found. The hub records this, and never the PIN. */
export const pinVerdicts = ['right', 'wrong'] as const;
export type PinVerdict = (typeof pinVerdicts)[number];

const imageKinds: ReadonlySet<string> = new Set(['photo', 'signature']);

export const proofSchema = z
  .strictObject({
    kind: z.enum(proofKinds),
    /** The image. It may reach the hub after the record. */
    blob: blobHashSchema.optional(),
    /** The scanned code. Of a PIN its digits in a command, and a verdict in a record. */
    text: newTextSchema.optional(),
    /** The parcel's record that this proves. */
    rev: z.int().min(1),
  })
  .refine(({ kind, blob }) => blob !== undefined || !imageKinds.has(kind), {
    path: ['blob'],
    message: 'A photo and a signature need the hash of their image',
  })
  .refine(({ kind, text }) => kind !== 'scan' || text !== undefined, {
    path: ['text'],
    message: 'A scan needs the code that was read',
  })
  .refine(({ kind, text }) => kind !== 'pin' || /^\d{4}$/.test(text ?? ''), {
    path: ['text'],
    message: 'A PIN has four digits',
  });
export type Proof = z.infer<typeof proofSchema>;

/** A proof as readers of its parcel see it. */
export const provenSchema = z.object({
  kind: z.enum(proofKinds),
  rev: z.int().min(1),
  blob: blobHashSchema.optional(),
  text: z.string().optional(),
  time: momentSchema.optional(),
});
export type Proven = z.infer<typeof provenSchema>;
