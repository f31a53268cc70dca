import type { Words } from '../words/en/shared.ts';

/** By which its words are found. */
export type PageName = keyof Words['pages'];

/** The pages that somebody works on. */
export const workPages = [
  { page: 'vendor', path: '/vendor', role: 'vendor' },
  { page: 'driver', path: '/driver', role: 'driver' },
  { page: 'log', path: '/log', role: 'admin' },
] as const;
