/** The search index of the documentation: the hub builds it, the page searches it. */

import { z } from 'zod';

/** The text under one heading. */
const passageSchema = z.object({
  /** Its address with the anchor: `/docs/protocol#tcp`. */
  at: z.string(),
  /** Its page's title. */
  page: z.string(),
  /** Its heading; before the first heading, the page's title. */
  title: z.string(),
  text: z.string(),
  /** A decision note: the search ranks these last, because fewer readers need them. */
  isNote: z.literal(true).optional(),
});
export type Passage = Readonly<z.infer<typeof passageSchema>>;

export const docsIndexSchema = z.object({ passages: z.array(passageSchema) });
export type DocsIndex = z.infer<typeof docsIndexSchema>;
