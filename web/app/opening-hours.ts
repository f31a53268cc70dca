/** Reads opening hours, which a shop writes as it likes: “Mon–Fri 9:00–18:00, Sat 9–13”, “Mo–Sa 8–20 Uhr, So geschlossen”. */

import { fold } from '../../protocol/fold.ts';
import { localDayAt } from '../../protocol/zoned-time.ts';
import { nextDay } from './zoned-day.ts';

export type DayHours = { readonly opens: string; readonly closes: string } | 'closed';

/** Beginnings that tell, in the order of `getUTCDay`: English, German and Arabic names. */
const names: readonly (readonly string[])[] = [
  ['sunday', 'sonntags', 'الأحد', 'الاحد', 'أحد'],
  ['monday', 'montags', 'الاثنين', 'الإثنين', 'اثنين'],
  ['tuesday', 'dienstags', 'الثلاثاء', 'ثلاثاء'],
  ['wednesday', 'mittwochs', 'الأربعاء', 'الاربعاء', 'أربعاء'],
  ['thursday', 'donnerstags', 'الخميس', 'خميس'],
  ['friday', 'freitags', 'الجمعة', 'جمعة'],
  ['saturday', 'samstags', 'sonnabends', 'السبت', 'سبت'],
].map((day) => day.map(fold));
/** The least that tells a weekday: “so” is Sunday, “sonna” Saturday. */
const leastLetters = 2;

const words = (text: string): ReadonlySet<string> => new Set(text.split(' ').map(fold));
const closedWords = words('closed geschlossen zu ruhetag مغلق');
const dailyWords = words('daily täglich everyday يوميا يوميًا');
const dashWords = words('to bis until till til through إلى الى حتى');
const andWords = words('and und و');
const emptyWords = words('uhr h from von open geöffnet hours öffnungszeiten من الساعة');

const token = /\p{L}[\p{L}\p{M}]*\.?|\d{1,2}(?:[:.]\d\d)?(?:\s?[ap]\.?m\b\.?)?|[-–—−]|[^\s:]/gu;
const dayMinutes = 24 * 60;

interface Time {
  readonly minutes: number;
  /** “9” may be 9 in the evening; “9:00” and “9 am” are not. */
  readonly isBare: boolean;
}

type Token =
  | { readonly kind: 'day'; readonly day: number }
  | { readonly kind: 'time'; readonly time: Time }
  | { readonly kind: 'daily' | 'closed' | 'dash' | 'and' | 'unknown' };

/**
 * @param day `2026-11-30`
 * @returns undefined if the text says nothing that is understood: it is for people, and no guess is better than theirs
 */
export function hoursOn(text: string, day: string): DayHours | undefined {
  const week = weekOf(tokensIn(text));
  return week?.[new Date(`${day}T00:00Z`).getUTCDay()];
}

/**
 * @param now milliseconds since 1970
 * @returns the window of tomorrow in the zone, as the form's fields have it; undefined as above
 */
export function tomorrowIn(
  text: string,
  now: number,
  zone: string,
): { notBefore: string; dueAt: string } | 'closed' | undefined {
  const day = nextDay(localDayAt(now, zone), 1);
  const hours = hoursOn(text, day);
  if (hours === undefined || hours === 'closed') return hours;
  return { notBefore: `${day}T${hours.opens}`, dueAt: `${day}T${hours.closes}` };
}

function tokensIn(text: string): readonly Token[] {
  return Array.from(fold(text).matchAll(token), ([one]) => tokenOf(one.replace(/\.$/, ''))).filter(
    (one) => one !== undefined,
  );
}

function tokenOf(text: string): Token | undefined {
  if (/^\d/.test(text)) {
    const time = timeOf(text);
    return time ? { kind: 'time', time } : { kind: 'unknown' };
  }
  if (emptyWords.has(text)) return undefined;
  if (dashWords.has(text) || /^[-–—−]$/.test(text)) return { kind: 'dash' };
  if (andWords.has(text) || /^[,;،؛&/|+·]$/.test(text)) return { kind: 'and' };
  if (closedWords.has(text)) return { kind: 'closed' };
  if (dailyWords.has(text)) return { kind: 'daily' };
  const day =
    text.length < leastLetters ? -1 : names.findIndex((own) => own.some((name) => name.startsWith(text)));
  return day < 0 ? { kind: 'unknown' } : { kind: 'day', day };
}

function timeOf(text: string): Time | undefined {
  const [, hour = '', minute, half] = /^(\d+)(?:[:.](\d\d))?\s?([ap])?/.exec(text) ?? [];
  const hours = half ? (Number(hour) % 12) + (half === 'p' ? 12 : 0) : Number(hour);
  const minutes = hours * 60 + Number(minute ?? 0);
  if (minutes > dayMinutes || Number(minute ?? 0) > 59) return undefined;
  return { minutes, isBare: minute === undefined && half === undefined };
}

/** Days, then their hours, again and again. A day that nobody names is closed, unless none is named. */
function weekOf(tokens: readonly Token[]): readonly DayHours[] | undefined {
  const week: DayHours[] = names.map(() => 'closed');
  let days: number[] = [];
  let [isHours, isSaid] = [false, false];
  for (let at = 0; at < tokens.length; at += 1) {
    const [one, next, after] = tokens.slice(at, at + 3);
    switch (one?.kind) {
      case 'day':
      case 'daily': {
        if (isHours) days = [];
        isHours = false;
        const last = next?.kind === 'dash' ? dayOf(after) : undefined;
        const first = dayOf(one);
        if (first === undefined) days = names.map((_, day) => day);
        else days.push(...daysBetween(first, last ?? first));
        at += last === undefined ? 0 : 2;
        break;
      }
      case 'time': {
        if (next?.kind !== 'dash' || after?.kind !== 'time') return undefined;
        const hours = hoursOf(one.time, after.time);
        // Hours before any day are those of every day.
        if (days.length === 0) days = names.map((_, day) => day);
        for (const day of days) week[day] = joined(week[day], hours);
        [isHours, isSaid] = [true, true];
        at += 2;
        break;
      }
      case 'closed':
        if (days.length === 0) return undefined;
        for (const day of days) week[day] = 'closed';
        [isHours, isSaid] = [true, true];
        break;
      case 'and':
        break;
      default:
        return undefined;
    }
  }
  return isSaid && (isHours || days.length === 0) ? week : undefined;
}

function dayOf(one: Token | undefined): number | undefined {
  return one?.kind === 'day' ? one.day : undefined;
}

function daysBetween(first: number, last: number): readonly number[] {
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, i) => (first + i) % 7);
}

/** “9–6” ends at six in the evening; what ends on the next day ends with its own. */
function hoursOf(from: Time, to: Time): Exclude<DayHours, 'closed'> {
  const isEvening = to.minutes <= from.minutes && to.isBare && to.minutes + dayMinutes / 2 > from.minutes;
  const end = isEvening ? to.minutes + dayMinutes / 2 : to.minutes;
  return { opens: textOf(from.minutes), closes: textOf(end <= from.minutes ? dayMinutes : end) };
}

/** From the first opening to the last closing. */
function joined(known: DayHours | undefined, { opens, closes }: Exclude<DayHours, 'closed'>): DayHours {
  if (known === undefined || known === 'closed') return { opens, closes };
  return {
    opens: opens < known.opens ? opens : known.opens,
    closes: closes > known.closes ? closes : known.closes,
  };
}

function textOf(minutes: number): string {
  const most = Math.min(minutes, dayMinutes - 1);
  return [Math.floor(most / 60), most % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
