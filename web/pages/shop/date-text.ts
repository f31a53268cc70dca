/** Reads days and times of day as people write them in tables. */

/** In which order day and month stand in 03/04/2026. */
export type DayOrder = 'dmy' | 'mdy';

/** What a text says. Times are `14:30` or `14:30:05`. */
export interface TimeText {
  /** `2026-11-30`; the calendar need not have it. */
  readonly day?: string | undefined;
  /** From this time of day: “ab 14 Uhr”, the first of “14–16 Uhr”. */
  readonly from?: string | undefined;
  /** Until this time of day: “bis 16 Uhr”, the second of “14–16 Uhr”. */
  readonly until?: string | undefined;
  /** A time of day with nothing said about it. */
  readonly at?: string | undefined;
  /** `Z` or `+01:00`; empty if none is given. */
  readonly zone: string;
}

const iso = /^(\d{4}-\d\d-\d\d)[T ]+(\d\d?:\d\d)(:\d\d)?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?$/i;
const yearFirst = /(?:^|[^\d.:/-])(\d{4})[-/.](\d\d?)[-/.](\d\d?)(?![\d.:/-])/;
const withPoints = /(?:^|[^\d.:/-])(\d\d?)\. ?(\d\d?)\. ?(\d{4}|\d\d)(?![\d.:/-])/;
const withSlashes = /(?:^|[^\d.:/-])(\d\d?)([/-])(\d\d?)\2(\d{4}|\d\d)(?![\d.:/-])/;
const dayAndName =
  /(?:^|[^\d.:/-])(\d\d?)(?:st|nd|rd|th|er|º)?\.? (?:de )?(\p{L}+)\.?,? (?:de )?(\d{4})(?!\d)/u;
const nameAndDay = /(?:^|[^\p{L}])(\p{L}+)\.? (\d\d?)(?:st|nd|rd|th)?,? (\d{4})(?!\d)/u;

const clock =
  '(\\d\\d?)(?:([:.h])([0-5]\\d))?(?::([0-5]\\d))? ?(a\\.?m\\.?|p\\.?m\\.?)? ?(uhr|h|heures|o’clock)?';
const untilWords =
  'bis spätestens|spätestens|bis|by|until|till|til|before|latest|no later than|vor|jusqu’à|avant|hasta|antes de|entro|fino a|tot|uiterlijk|vóór|حتى|قبل';
const fromWords =
  'from|after|starting|earliest|ab|von|nach|frühestens|zwischen|between|à partir de|dès|entre|de|desde|a partir de|dalle|vanaf|tussen|من|بعد';
const plainWords = 'at|um|ca\\.?|gegen|around|about|à|vers|a las|sobre|alle|om|rond|الساعة';
const timeOfDay = new RegExp(
  `^(?:(?<until>${untilWords})|(?<from>${fromWords})|(?<plain>${plainWords}))? ?${clock}(?: ?(?<join>-|bis|to|until|till|und|and|à|et|a|y|alle|e|tot|en|إلى|حتى) ?${clock})?$`,
  'u',
);

/** @returns undefined if the text is neither a day nor a time of day, or more than that */
export function readTimeText(text: string, order: DayOrder): TimeText | undefined {
  const whole = iso.exec(text.trim());
  if (whole) {
    const [, day, time = '', seconds = '', zone = ''] = whole;
    return { day, at: time.padStart(5, '0') + seconds, zone: zone.toUpperCase() };
  }
  const plain = plainText(text);
  const found = dayIn(plain, order);
  const rest = withoutWeekday((found ? plain.replace(found.text, ' ') : plain).replace(/[,;()]/g, ' '));
  if (rest === '') return found && { day: found.day, zone: '' };
  const times = timesIn(rest, found !== undefined);
  return times && { ...times, day: found?.day, zone: '' };
}

/** @returns in which order day and month stand in these texts; undefined if none of them tells */
export function dayOrderIn(texts: Iterable<string>): DayOrder | undefined {
  for (const text of texts) {
    const [, first = '', , second = ''] = withSlashes.exec(plainText(text)) ?? [];
    if (Number(first) > 12) return 'dmy';
    if (Number(second) > 12) return 'mdy';
  }
  return undefined;
}

/** @returns the first text whose day and month may be either, as it stands there: `03/04/2026` */
export function eitherDayIn(texts: Iterable<string>): string | undefined {
  for (const text of texts) {
    const [, first, sign, second, year] = withSlashes.exec(plainText(text)) ?? [];
    if (first !== second) return [first, second, year].join(sign);
  }
  return undefined;
}

function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[‐-―−]/g, '-')
    .replaceAll("'", '’')
    .replace(/\s+/g, ' ')
    .trim();
}

function dayIn(plain: string, order: DayOrder): { text: string; day: string } | undefined {
  const [year, points, slashes] = [yearFirst, withPoints, withSlashes].map((form) => form.exec(plain));
  if (year) return dayOf(year[0], year[1], year[2], year[3]);
  if (points) return dayOf(points[0], points[3], points[2], points[1]);
  if (slashes) {
    const [text, first, , second, last] = slashes;
    return order === 'dmy' ? dayOf(text, last, second, first) : dayOf(text, last, first, second);
  }
  const [byName, nameFirst] = [dayAndName.exec(plain), nameAndDay.exec(plain)];
  const month = monthOf(byName?.[2]);
  if (byName && month) return dayOf(byName[0], byName[3], month, byName[1]);
  const other = monthOf(nameFirst?.[1]);
  return nameFirst && other ? dayOf(nameFirst[0], nameFirst[3], other, nameFirst[2]) : undefined;
}

function dayOf(text: string, year = '', month = '', date = ''): { text: string; day: string } {
  const whole = year.length === 2 ? `20${year}` : year;
  return { text, day: `${whole}-${month.padStart(2, '0')}-${date.padStart(2, '0')}` };
}

/** @param isAfterDay what a day is followed by may be shorter: “9-12” */
function timesIn(rest: string, isAfterDay: boolean): Omit<TimeText, 'zone'> | undefined {
  const found = timeOfDay.exec(rest);
  if (!found) return undefined;
  const { until, from, plain, join } = found.groups ?? {};
  const [first, second] = [found.slice(4, 10), found.slice(11, 17)];
  const isMarked = [until, from, plain].some((word) => word !== undefined) || isAfterDay;
  // A number alone is no time of day.
  if (
    ![...first.slice(1), ...second.slice(1)].some((part) => part) &&
    !(isMarked && (join || until || from || plain))
  )
    return undefined;
  const half = first[4] ?? second[4];
  const start = timeOf(first, half);
  const end = join === undefined ? undefined : timeOf(second, second[4]);
  if (start === undefined || (join !== undefined && end === undefined)) return undefined;
  if (join !== undefined)
    return until === undefined && plain === undefined ? { from: start, until: end } : undefined;
  if (until !== undefined) return { until: start };
  return from === undefined ? { at: start } : { from: start };
}

/** @param half `am` or `pm`, which may stand behind the second time alone */
function timeOf(parts: readonly (string | undefined)[], half: string | undefined): string | undefined {
  const [hours = '', , minutes = '00', seconds] = parts;
  let hour = Number(hours);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half.startsWith('p') ? 12 : 0);
  }
  // The end of a day.
  if (hour === 24 && minutes === '00') return '23:59';
  if (hour > 23) return undefined;
  return `${String(hour).padStart(2, '0')}:${minutes}${seconds === undefined ? '' : `:${seconds}`}`;
}

// ---- names of months and weekdays ----

const languages = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl', 'tr', 'ar'];
let names: { months: Map<string, string>; weekdays: Set<string> } | undefined;

function monthOf(name: string | undefined): string | undefined {
  return name === undefined ? undefined : calendarNames().months.get(name);
}

function withoutWeekday(rest: string): string {
  const [, first = ''] = /^\s*(\p{L}+)\.?(?=\s|$)/u.exec(rest) ?? [];
  const text = calendarNames().weekdays.has(first) ? rest.replace(/^\s*\p{L}+\.?/u, '') : rest;
  return text.replace(/\s+/g, ' ').trim();
}

function calendarNames() {
  if (names) return names;
  const months = new Map<string, string>();
  const weekdays = new Set<string>();
  for (const language of languages) {
    for (const width of ['long', 'short'] as const) {
      const month = new Intl.DateTimeFormat(language, { day: 'numeric', month: width, timeZone: 'UTC' });
      const weekday = new Intl.DateTimeFormat(language, { weekday: width, timeZone: 'UTC' });
      for (let i = 0; i < 12; i += 1) {
        const part = month.formatToParts(Date.UTC(2026, i, 5)).find(({ type }) => type === 'month');
        months.set(bareName(part?.value), String(i + 1));
        if (i < 7) weekdays.add(bareName(weekday.format(Date.UTC(2026, 0, i + 5))));
      }
    }
  }
  names = { months, weekdays };
  return names;
}

function bareName(name = ''): string {
  return plainText(name).replace(/\.$/, '');
}
