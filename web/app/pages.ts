import { pages } from '../../protocol/pages.ts';
import type { Words } from '../words/en/shared.ts';

/** Names under which the words of a page are kept: those of the list, and `not-found`. */
export type PageName = keyof Words['pages'];

/** The pages that somebody works on. */
export const workPages = pages.flatMap((page) =>
  'role' in page ? [{ page: page.name, path: page.path, role: page.role }] : [],
);
