/** Where an order's address is, in degrees of WGS 84. */

export const coordinateFields = ['latitude', 'longitude'] as const;
export type CoordinateField = (typeof coordinateFields)[number];

/** Degrees either way. */
export const degreesMax = { latitude: 90, longitude: 180 } as const satisfies Record<CoordinateField, number>;

interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** The half that is missing beside the other one. @returns undefined if there are both, or none */
export function missingHalf(
  order: Readonly<Partial<Record<CoordinateField, unknown>>>,
): CoordinateField | undefined {
  const [first, second] = coordinateFields.filter(
    (field) => order[field] !== undefined && order[field] !== null,
  );
  if (first === undefined || second !== undefined) return undefined;
  return first === 'latitude' ? 'longitude' : 'latitude';
}

/** @returns where an order goes; undefined if it does not say. In an older log, either half may be anything */
export function placeOf({
  latitude,
  longitude,
}: Readonly<Partial<Record<CoordinateField, unknown>>>): Place | undefined {
  return isDegrees('latitude', latitude) && isDegrees('longitude', longitude)
    ? { latitude, longitude }
    : undefined;
}

export function isDegrees(field: CoordinateField, value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= degreesMax[field];
}
