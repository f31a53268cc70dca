/** Schemas of moments, ids, names and texts: lenient ones for what a log may hold, strict ones (`new…`) for new input. */

import { z } from 'zod';
import { idProblem, lineProblem, textProblem } from './characters.ts';
import { limits } from './limits.ts';

/** Makes a check of a rule in protocol/characters.ts, with the rule's sentence as the issue. */
const ruledBy = (problemOf: (text: string) => string | undefined) => (text: z.core.ParsePayload<string>) => {
  const message = problemOf(text.value);
  if (message !== undefined) text.issues.push({ code: 'custom', message, input: text.value });
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
const uncontrolled = /^[^\u0000-\u001f\u007f]*$/;
/** ISO 8601 with a zone, e.g. `2026-11-20T18:03:11.246Z`. */
export const momentSchema = z.iso.datetime({ offset: true });
/** An id in the log: 1–128 characters, none of them a control character. */
export const idSchema = z
  .string()
  .min(1)
  .max(limits.idLength)
  .regex(uncontrolled, 'has a control character')
  .refine((id) => id.trim() === id, 'begins or ends with a space');
/** A new id of a store, an order, a driver or a command. Older logs also have others. */
export const newIdSchema = z
  .string()
  .min(1)
  .max(limits.idLength)
  .check(ruledBy(idProblem))
  .regex(uncontrolled);
/** A text in the log. */
export const textSchema = z.string().min(1).max(limits.stringLength);
/** A new text of one or several lines. */
export const newTextSchema = textSchema.check(ruledBy(textProblem));
/** A name in the log. */
export const nameSchema = z.string().min(1).max(limits.nameLength);
/** A new name. */
export const newNameSchema = nameSchema.check(ruledBy(lineProblem));
