/**
 * Where this hub is by HTTPS, for a page that came by plain HTTP: at the same port, which speaks both, or at the address that
 * was made known if browsers trust the hub as they are.
 */
export function secureOrigin(
  { hostname, port }: Pick<Location, 'hostname' | 'port'>,
  { fingerprint, url }: { readonly fingerprint?: string | undefined; readonly url?: string | undefined },
): string {
  if (fingerprint === undefined && url !== undefined) return url;
  return `https://${hostname}:${port === '' ? '80' : port}`;
}
