import { pages } from '../../protocol/pages.ts';
import type { Words } from '../words/en/shared.ts';

/** Names of pages: those of the list, and `not-found`. */
export type PageName = keyof Words['pages'];

/** The pages of shops, drivers and dispatch. */
export const workPages = pages.flatMap((page) =>
  'role' in page
    ? [
        {
          page: page.name,
          path: page.path,
          role: page.role,
          beside: 'beside' in page ? page.beside : undefined,
        },
      ]
    : [],
);
