/** Where the orders of a file go: columns with coordinates, known by their headings, and the numbers in them. */

import { type CoordinateField, coordinateFields, isDegrees } from '../../../protocol/coordinates.ts';

/** Headings in lower case without accents, spaces and signs. */
const names: Readonly<Record<CoordinateField, string>> = {
  latitude: 'latitude|lat|breitengrad|breite|latitud|latitudine|breedtegraad',
  longitude: 'longitude|lng|lon|long|langengrad|lange|longitud|longitudine|lengtegraad',
};
/** Where it goes, not who pays: Shopify's Shipping Latitude before any other one, never Billing Latitude. */
const families = ['(?:shipping|shipto|delivery)(?:address)?', ''] as const;

/** @returns the columns of both halves; none if one of them is not there */
export function placeColumns(headings: readonly string[]): readonly { at: number; key: CoordinateField }[] {
  const plain = headings.map((heading) =>
    heading
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, ''),
  );
  for (const family of families) {
    const found = coordinateFields.flatMap((key) => {
      const at = plain.findIndex((heading) => new RegExp(`^${family}(?:${names[key]})$`).test(heading));
      return at < 0 ? [] : [{ at, key }];
    });
    if (found.length === coordinateFields.length) return found;
  }
  return [];
}

/** As programs write numbers; Number() would also take a blank for 0, and hexadecimal ones. */
const decimal = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** Puts numbers in the place of texts. @returns whether both are degrees, or neither is given */
export function takePlace(values: Map<string, unknown>): boolean {
  const given = coordinateFields.filter((field) => values.has(field));
  for (const field of given) {
    const value = values.get(field);
    // 52,52 is how half of the world writes it.
    const text = typeof value === 'string' ? value.trim().replace(/^([-+]?\d+),(\d+)$/, '$1.$2') : undefined;
    const number = text === undefined ? value : decimal.test(text) && Number(text);
    if (!isDegrees(field, number)) return false;
    values.set(field, number);
  }
  return given.length !== 1;
}
