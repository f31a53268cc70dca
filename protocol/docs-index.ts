/** What the documentation's search reads: made by the hub, looked through by the page. */

import { z } from 'zod';

/** What stands under one heading. */
const passageSchema = z.object({
  /** Where it is read, with its anchor: `/docs/protocol#tcp`. */
  at: z.string(),
  /** Title of the page that it stands on. */
  page: z.string(),
  /** Its own heading, the page's title where there is none yet. */
  title: z.string(),
  text: z.string(),
  /** A note on why something was built so: of use to fewer readers. */
  isNote: z.literal(true).optional(),
});
export type Passage = Readonly<z.infer<typeof passageSchema>>;

export const docsIndexSchema = z.object({ passages: z.array(passageSchema) });
export type DocsIndex = z.infer<typeof docsIndexSchema>;
