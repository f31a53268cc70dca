import { pages } from '../../protocol/pages.ts';
import type { Words } from '../words/en/shared.ts';

/** By which a page's words are found: those of the list, and the page for an address that is none of them. */
export type PageName = keyof Words['pages'];

/** The pages that somebody works on. */
export const workPages = pages.flatMap((page) =>
  'role' in page ? [{ page: page.name, path: page.path, role: page.role }] : [],
);
