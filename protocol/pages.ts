/** The one list of pages. The hub, the build, the service worker and the navigation use it. */

interface PageRow {
  /** Its name in `web/words`, and of its built document. */
  readonly name: string;
  readonly path: string;
  /** `web/pages/<folder>/<folder>-page.tsx` draws it. */
  readonly folder: string;
  /** The role that works on it. A keyed hub opens it to keys of this role. */
  readonly role?: 'vendor' | 'driver' | 'admin';
  /** Its header stays while the page scrolls. */
  readonly keepsHeader?: true;
  /** On the first page it has no card of its own, but a link on that page's card. */
  readonly beside?: string;
}

export const pages = [
  { name: 'home', path: '/', folder: 'home' },
  { name: 'vendor', path: '/vendor', folder: 'shop', role: 'vendor' },
  { name: 'driver', path: '/driver', folder: 'driver', role: 'driver', keepsHeader: true },
  { name: 'board', path: '/board', folder: 'board', role: 'admin', beside: 'log' },
  { name: 'log', path: '/log', folder: 'log', role: 'admin' },
  // What the code on a parcel's label opens.
  { name: 'scan', path: '/scan', folder: 'scan' },
  // Leads a device to HTTPS.
  { name: 'home', path: '/phone', folder: 'home' },
] as const satisfies readonly PageRow[];

export type Page = (typeof pages)[number] & PageRow;

/** @returns undefined where there is no page of exactly this path */
export function pageAt(path: string): Page | undefined {
  return pages.find((page) => page.path === path);
}
