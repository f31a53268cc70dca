/** Numbers, durations and times in the page's language. */

import { shared } from '../words/shared.ts';
import { pageFormats } from '../words/spoken.ts';
import { pageZone } from './page-zone.ts';

/** `12,408` */
export function count(n: number): string {
  return pageFormats().count(n);
}

/** `2,014/s`; below ten `0.4/s` */
export function perSecond(n: number): string {
  const { count, tenths } = pageFormats();
  return shared().perSecond(n < 10 ? tenths(n) : count(n));
}

/** `now`, `12 s`, `4 min`, `3 h`, `2 d` */
export function span(ms: number): string {
  const words = shared().span;
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 1) return words.now;
  if (seconds < 60) return words.seconds(seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return words.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? words.hours(hours) : words.days(Math.floor(hours / 24));
}

/** `1 event`, `214 events` */
export function events(n: number): string {
  return shared().events(n);
}

/**
 * A formatter in the page's language and, unless the options name another one, time zone. It is cached: creating one costs
 * more than drawing a row.
 */
export function dateFormat(options: Intl.DateTimeFormatOptions): () => Intl.DateTimeFormat {
  let made: { zone: string | undefined; format: Intl.DateTimeFormat } | undefined;
  return () => {
    const zone = pageZone.get();
    if (!made || made.zone !== zone) made = { zone, format: unpadded({ timeZone: zone, ...options }) };
    return made.format;
  };
}

/** `8:05 PM`, but `08:05` and `20:05`: clocks of twelve hours write no zero in front. */
function unpadded(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const format = new Intl.DateTimeFormat(pageFormats().locale, options);
  if (options.hour !== '2-digit' || !format.resolvedOptions().hour12) return format;
  return new Intl.DateTimeFormat(pageFormats().locale, { ...options, hour: 'numeric' });
}
