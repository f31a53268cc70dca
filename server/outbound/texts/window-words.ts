/** Says windows of time as the clock on the shop's wall shows them. */

import { isTimeZone, type TimeWindow } from '../../../protocol/time-window.ts';
import type { NewsWords } from './words.ts';

/** A window in words: within a sentence, and as sentences of their own. */
export interface WindowWords {
  /** `Tue 1 Dec, 14:00–16:00`, `by Tue 1 Dec, 16:00` */
  readonly within: string;
  /** When it comes. */
  readonly planned: string;
  /** When it is tried again. */
  readonly nextTry: string;
  /** Its end, if it has one. */
  readonly end: string | undefined;
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** Hubs have few languages and zones; a store may name any zone. */
const formatsMax = 100;

/** @returns undefined if the window says nothing */
export function windowWords(
  window: TimeWindow | undefined,
  zone: string | undefined,
  { own, locale }: NewsWords,
): WindowWords | undefined {
  const isKnown = zone !== undefined && isTimeZone(zone);
  const format = formatOf(locale, isKnown ? zone : 'UTC');
  const said = (text: string) => (isKnown ? text : own.window.utc(text));
  const from = momentIn(window?.notBefore);
  const to = momentIn(window?.dueAt);
  const end = to === undefined ? undefined : said(format.format(to));
  if (from !== undefined && to !== undefined && from < to) {
    const range = said(format.formatRange(from, to));
    const { planned } = own.window;
    return { within: range, planned: planned(range), nextTry: own.nextTry.planned(range), end };
  }
  if (end !== undefined) {
    const { by, plannedBy } = own.window;
    return { within: by(end), planned: plannedBy(end), nextTry: own.nextTry.plannedBy(end), end };
  }
  if (from === undefined) return undefined;
  const begin = said(format.format(from));
  const { after, plannedAfter } = own.window;
  const nextTry = own.nextTry.plannedAfter(begin);
  return { within: after(begin), planned: plannedAfter(begin), nextTry, end };
}

/** `40 min`, `3 hours`, `2 days`: rounded up. @returns undefined for a length that makes no sense */
export function spanWords(minutes: number | undefined, { track: { when } }: NewsWords): string | undefined {
  if (minutes === undefined || !(minutes > 0 && minutes < minutesMax)) return undefined;
  if (minutes <= 90) return when.minutes(Math.ceil(minutes));
  if (minutes <= 2_880) return when.hours(Math.ceil(minutes / 60));
  return when.days(Math.ceil(minutes / 1_440));
}

/** A month. */
const minutesMax = 44_640;

function momentIn(text: string | null | undefined): number | undefined {
  const moment = Date.parse(text ?? '');
  return Number.isNaN(moment) ? undefined : moment;
}

function formatOf(locale: string, zone: string): Intl.DateTimeFormat {
  const name = `${locale} ${zone}`;
  const known = formats.get(name);
  if (known) return known;
  const format = new Intl.DateTimeFormat(locale, {
    ...{ timeZone: zone, weekday: 'short', day: 'numeric', month: 'short' },
    ...{ hour: '2-digit', minute: '2-digit' },
  });
  if (formats.size >= formatsMax) formats.clear();
  formats.set(name, format);
  return format;
}
