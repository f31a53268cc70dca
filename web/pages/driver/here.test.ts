import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { distanceKm, distanceText, type Place, watchPlace } from './here.ts';

const berlin = { latitude: 52.52, longitude: 13.405 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  [berlin, 0],
  [{ latitude: 48.8566, longitude: 2.3522 }, 877.5],
  [{ latitude: -33.8688, longitude: 151.2093 }, 16_090],
])('from Berlin to %j in a straight line', (place, km) => {
  expect(Math.abs(distanceKm(berlin, place) - km)).toBeLessThanOrEqual(km / 500);
});

test('over the date line it is not around the world', () => {
  expect(distanceKm({ latitude: 0, longitude: 179.5 }, { latitude: 0, longitude: -179.5 })).toBeCloseTo(
    111.2,
    0,
  );
});

test.each([
  [2.345, 'en', 'en-IE', '2.3 km'],
  [0.352, 'en', 'en-AU', '350 m'],
  [12.7, 'de', 'de-DE', '13 km'],
  [2.345, 'en', 'en-GB', '1.5 mi'],
  [2.345, 'en', 'en', '1.5 mi'],
  [0.352, 'de', 'de-US', '0,2 mi'],
])('%d km is read in %s by people of %s', (km, locale, region, text) => {
  expect(distanceText(km, locale, region)).toBe(text);
});

test('a phone that moves tells its place at once, and then every ten seconds at most, the latest one', () => {
  const told: (Place | undefined)[] = [];
  let move = (_: Place) => {};
  let refuse = () => {};
  const clearWatch = vi.fn();
  const watchPosition = (done: PositionCallback, failed?: PositionErrorCallback | null) => {
    move = (coords) => done({ coords } as GeolocationPosition);
    refuse = () => failed?.({ code: 1, PERMISSION_DENIED: 1 } as GeolocationPositionError);
    return 7;
  };
  const end = watchPlace({ watchPosition, clearWatch }, (place) => told.push(place));
  const at = (longitude: number) => ({ latitude: 0, longitude });
  move(at(1));
  for (const longitude of [2, 3]) move(at(longitude));
  expect(told).toEqual([at(1)]);
  vi.advanceTimersByTime(9_999);
  expect(told).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([at(1), at(3)]);
  // Who stands still hears nothing new, and then at once.
  vi.advanceTimersByTime(60_000);
  expect(told).toHaveLength(2);
  move(at(4));
  expect(told.at(-1)).toEqual(at(4));
  refuse();
  expect(told.at(-1)).toBeUndefined();
  move(at(5));
  end();
  vi.advanceTimersByTime(60_000);
  expect(told).toHaveLength(4);
  expect(clearWatch).toHaveBeenCalledWith(7);
});
