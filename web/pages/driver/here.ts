/** Where this phone is, and how far that is from elsewhere. The position is told to nobody. */

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

type Locator = Pick<Geolocation, 'watchPosition' | 'clearWatch'>;

/** A position a minute is enough for a distance; this keeps numbers readable, and the battery alive. */
const atMostMs = 10_000;
const earthKm = 6_371;
const kmPerMile = 1.609344;
/** Whose roads are measured in miles. */
const mileRegions = new Set('US GB LR PR GU VI AS MP UM IM JE GG'.split(' '));

/**
 * Tells where the phone is while it moves, every ten seconds at most.
 * @param onPlace called with undefined where the phone does not say
 * @returns ends it
 */
export function watchPlace(locator: Locator, onPlace: (place: Place | undefined) => void): () => void {
  let latest: Place | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    timer = undefined;
    if (!latest) return;
    onPlace(latest);
    latest = undefined;
    timer = setTimeout(tell, atMostMs);
  };
  const watch = locator.watchPosition(
    ({ coords: { latitude, longitude } }) => {
      latest = { latitude, longitude };
      if (timer === undefined) tell();
    },
    // In a garage there is none for a while; the last one known stays.
    ({ code, PERMISSION_DENIED }) => code === PERMISSION_DENIED && onPlace(undefined),
    { maximumAge: atMostMs },
  );
  return () => {
    clearTimeout(timer);
    locator.clearWatch(watch);
  };
}

/** @returns kilometres in a straight line */
export function distanceKm(one: Place, other: Place): number {
  const [a, b] = [radians(one.latitude), radians(other.latitude)];
  const half = (from: number, to: number) => Math.sin((to - from) / 2) ** 2;
  const across = half(radians(one.longitude), radians(other.longitude));
  return 2 * earthKm * Math.asin(Math.sqrt(Math.min(1, half(a, b) + Math.cos(a) * Math.cos(b) * across)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/**
 * `2.3 km`, `350 m`, `1.4 mi`
 * @param locale of the words @param region whose people read it, as a locale: `en-GB`
 */
export function distanceText(km: number, locale: string, region: string): string {
  const unit = (value: number, name: string, digits: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, maximumFractionDigits: digits }).format(value);
  const isMiles = mileRegions.has(new Intl.Locale(region).maximize().region ?? '');
  if (!isMiles && km < 0.995) return unit(Math.round(km * 100) * 10, 'meter', 0);
  const far = isMiles ? km / kmPerMile : km;
  return unit(far, isMiles ? 'mile' : 'kilometer', far < 9.95 ? 1 : 0);
}
