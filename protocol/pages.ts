/** The pages: the one list of them. Hub, build, service worker and navigation go by it. */

interface PageRow {
  /** As the pages' words and the built documents have it. */
  readonly name: string;
  readonly path: string;
  /** Of `web/pages`: `<folder>/<folder>-page.tsx` draws it. */
  readonly folder: string;
  /** Whose work it is, and whose key opens it where the hub is keyed. */
  readonly role?: 'vendor' | 'driver' | 'admin';
  /** Its header stays while the page scrolls. */
  readonly keepsHeader?: true;
}

export const pages = [
  { name: 'home', path: '/', folder: 'home' },
  { name: 'vendor', path: '/vendor', folder: 'shop', role: 'vendor' },
  { name: 'driver', path: '/driver', folder: 'driver', role: 'driver', keepsHeader: true },
  { name: 'log', path: '/log', folder: 'log', role: 'admin' },
] as const satisfies readonly PageRow[];

export type Page = (typeof pages)[number] & PageRow;

/** @returns undefined where there is no page of exactly this path */
export function pageAt(path: string): Page | undefined {
  return pages.find((page) => page.path === path);
}
