import { type Language, localeFor } from '../../words/language.ts';

/** Formats times in this device's zone, for use in sentences. */
export interface Moments {
  /** `14:03`, `yesterday, 14:03`, `Wed 18 Nov, 14:03`. */
  text(at: Date, now: Date): string;
  /** Day and time in full. */
  whole(at: Date): string;
  /** A number in the same digits. */
  number(n: number): string;
}

const dayMs = 86_400_000;

/** @param onDay joins a day and a time @param tags as `navigator.languages` */
export function momentsIn(
  language: Language,
  onDay: (day: string, time: string) => string,
  tags: readonly string[] = [],
): Moments {
  // In English, hours follow the device's locale and words follow the hub's British English.
  const hours = language === 'en' ? undefined : localeFor(language, tags);
  const words = hours ?? 'en-GB';
  const timeOfDay = new Intl.DateTimeFormat(hours, { hour: 'numeric', minute: '2-digit' });
  const day = new Intl.DateTimeFormat(words, { weekday: 'short', day: 'numeric', month: 'short' });
  const dayAndYear = new Intl.DateTimeFormat(words, { day: 'numeric', month: 'short', year: 'numeric' });
  const whole = new Intl.DateTimeFormat(words, { dateStyle: 'full', timeStyle: 'long' });
  const numbers = new Intl.NumberFormat(words);
  // `yesterday`, `tomorrow`
  const nearby = new Intl.RelativeTimeFormat(words, { numeric: 'auto' });
  return {
    text(at, now) {
      const time = timeOfDay.format(at);
      const days = Math.round((startOfDay(at) - startOfDay(now)) / dayMs);
      if (days === 0) return time;
      if (Math.abs(days) === 1) return onDay(nearby.format(days, 'day'), time);
      const isThisYear = at.getFullYear() === now.getFullYear();
      return onDay((isThisYear ? day : dayAndYear).format(at), time);
    },
    whole: (at) => whole.format(at),
    number: (n) => numbers.format(n),
  };
}

function startOfDay(moment: Date): number {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}
