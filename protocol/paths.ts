/** The addresses of the pages: as they are, and as they arrive. */

import { pages } from './pages.ts';

const paths = [...pages.map(({ path }) => path), '/docs'];
/** A longer path is none of ours, whatever is cut off it. */
const lengthMax = 400;
/** What stood behind a link in a text, and was taken for a part of it. */
const behind = /(?:[^\p{L}\p{N}_-]|&(?:gt|lt|quot|apos|amp|nbsp|#\d{1,5}|#x[\da-f]{1,4}))$/iu;
/** A token has this length, so that nothing of it can be taken for something behind it. */
const trackingLink = /^\/track\/(trk_[A-Za-z0-9_-]{32})[_-]*$/i;

/**
 * Which page is meant by a path that is not quite its own: in other letters (`/Vendor`), with what a mail put behind the
 * link (`/track/trk_…).`), encoded, or with slashes too many. Undefined where it is right as it is, or no page's.
 */
export function canonicalPath(path: string): string | undefined {
  const whole = path.length > lengthMax ? undefined : decoded(path);
  if (whole === undefined) return undefined;
  const text = withoutTail(whole.replace(/\/{2,}/g, '/'));
  const token = trackingLink.exec(text)?.[1];
  // The token itself stays as it came: its letters are not to be guessed at.
  const page = token?.startsWith('trk_') ? `/track/${token}` : pageIn(text.toLowerCase());
  return page === path ? undefined : page;
}

function pageIn(text: string): string | undefined {
  const name = text.replace(/(?:\/index)?\.html?$/, '') || '/';
  return paths.find((path) => path === (name === '/index' ? '/' : name));
}

function withoutTail(text: string): string {
  let rest = text;
  while (rest !== '' && behind.test(rest)) rest = rest.replace(behind, '');
  return rest;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    // A URIError: nothing can be known of what is no encoding.
    return undefined;
  }
}
