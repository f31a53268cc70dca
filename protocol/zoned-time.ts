/** Times as a clock on the wall shows them, in an IANA time zone. */

/** `2026-11-30` */
export type LocalDay = string;

const formats = new Map<string, Intl.DateTimeFormat>();
/** Programs ask for few zones; a store may name any. */
const formatsMax = 100;
const dayMs = 86_400_000;

/**
 * The moments at which a clock in the zone shows this time: none if the clock is set forward over it, two if it is set back.
 * @param local `2026-11-30T14:30`, with or without seconds; the day must exist
 * @returns milliseconds since 1970, ascending
 */
export function momentsAt(local: string, zone: string): readonly number[] {
  const wanted = local.length === 16 ? `${local}:00` : local;
  const asUtc = Date.parse(`${wanted}Z`);
  if (Number.isNaN(asUtc)) return [];
  const moments = new Set<number>();
  for (const near of [asUtc - dayMs, asUtc + dayMs]) {
    const moment = asUtc - (Date.parse(`${localTimeAt(near, zone)}Z`) - near);
    if (localTimeAt(moment, zone) === wanted) moments.add(moment);
  }
  return [...moments].sort((a, b) => a - b);
}

/** @returns `2026-11-30T14:30:00`, to the second */
export function localTimeAt(moment: number, zone: string): string {
  const whole = Math.floor(moment / 1_000) * 1_000;
  const parts = new Map(
    formatOf(zone)
      .formatToParts(whole)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes, digits = 2) =>
    (parts.get(type) ?? '').padStart(digits, '0');
  return `${part('year', 4)}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`;
}

/** The day of a moment in a zone. */
export function localDayAt(moment: number, zone: string): LocalDay {
  return localTimeAt(moment, zone).slice(0, 10);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  if (formats.size >= formatsMax) formats.clear();
  formats.set(zone, format);
  return format;
}
