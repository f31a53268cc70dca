/** Proofs of delivery, collection and return. The photos themselves are blobs beside the log; a record has their hash. */

import { z } from 'zod';
import { proofKinds } from './events.ts';
import { newTextSchema } from './texts.ts';

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

export const proofSchema = z
  .strictObject({
    kind: z.enum(proofKinds),
    /** The image. It may reach the hub after the record. */
    blob: blobHashSchema.optional(),
    /** The scanned code, or how the PIN was checked. */
    text: newTextSchema.optional(),
    /** The parcel's record that this proves. */
    rev: z.int().min(1),
  })
  .refine(({ kind, blob }) => blob !== undefined || (kind !== 'photo' && kind !== 'signature'), {
    path: ['blob'],
    message: 'A photo and a signature need the hash of their image',
  });
export type Proof = z.infer<typeof proofSchema>;
