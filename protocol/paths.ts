/** Maps mistyped and mangled addresses to the page that they mean. */

import { pages } from './pages.ts';

const paths = [...pages.map(({ path }) => path), '/docs'];
/** No page's path is longer, even with a mangled end. */
const lengthMax = 400;
/** Text behind a link that a program took as part of it. */
const behind = /(?:[^\p{L}\p{N}_-]|&(?:gt|lt|quot|apos|amp|nbsp|#\d{1,5}|#x[\da-f]{1,4}))$/iu;
/** The length is fixed, so no end of a token is cut off as text behind it. */
const trackingLink = /^\/track\/(trk_[A-Za-z0-9_-]{32})[_-]*$/i;

/**
 * The page's own path for one in another case (`/Vendor`), with text behind the link (`/track/trk_…).`), encoded, or with
 * too many slashes.
 *
 * @returns undefined if the path is canonical already, or no page's
 */
export function canonicalPath(path: string): string | undefined {
  const whole = path.length > lengthMax ? undefined : decoded(path);
  if (whole === undefined) return undefined;
  const text = withoutTail(whole.replace(/\/{2,}/g, '/'));
  const token = trackingLink.exec(text)?.[1];
  // The token stays as it is: its case matters.
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
    // A URIError: the path is not valid percent-encoding.
    return undefined;
  }
}
