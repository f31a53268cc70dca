/**
 * How an image of somebody else is answered. It never runs, whatever its bytes say: it is shown alone, as what it is, in
 * a page without rights. It never changes, but whoever uses this browser next may not see it.
 */
export const imageHeaders = {
  'content-disposition': 'inline',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cache-control': 'private, max-age=31536000, immutable',
} as const;
