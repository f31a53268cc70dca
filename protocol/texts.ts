/** Ids, names and texts as schemas: as a log may have them, and as they may be from now on. */

import { z } from 'zod';
import { idProblem, lineProblem, textProblem } from './characters.ts';
import { limits } from './limits.ts';

/** What a rule of protocol/characters.ts says of a text is what is wrong with it. */
const ruledBy = (problemOf: (text: string) => string | undefined) => (text: z.core.ParsePayload<string>) => {
  const message = problemOf(text.value);
  if (message !== undefined) text.issues.push({ code: 'custom', message, input: text.value });
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
const uncontrolled = /^[^\u0000-\u001f\u007f]*$/;
/** An id as it may stand in the log: 1–128 characters, none of them a control character. */
export const idSchema = z
  .string()
  .min(1)
  .max(limits.idLength)
  .regex(uncontrolled, 'has a control character')
  .refine((id) => id.trim() === id, 'begins or ends with a space');
/** An id that a store, an order or a driver may be called by from now on, or a command. Older logs have others as well. */
export const newIdSchema = z
  .string()
  .min(1)
  .max(limits.idLength)
  .check(ruledBy(idProblem))
  .regex(uncontrolled);
/** As it may stand in the log. */
export const textSchema = z.string().min(1).max(limits.stringLength);
/** What somebody may write from now on, in one line or several. */
export const newTextSchema = textSchema.check(ruledBy(textProblem));
/** As it may stand in the log. */
export const nameSchema = z.string().min(1).max(limits.nameLength);
/** What somebody is to be called from now on. */
export const newNameSchema = nameSchema.check(ruledBy(lineProblem));
