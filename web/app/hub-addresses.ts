const loopback = /^https?:\/\/(localhost|127\.[\d.]+|\[::1\])(:|$)/;

/**
 * The hub's addresses for other devices, the best first. A browser that came by an address that the hub does not know of, as
 * behind a balancer or a mapped port, knows best.
 * @param origin the page's
 */
export function addressesFrom(origin: string, known: readonly string[]): readonly string[] {
  const isNews = known.length > 0 && !known.includes(origin) && !loopback.test(origin);
  return isNews ? [origin, ...known] : known;
}
