/** A rule as a person chooses it, and as RFC 5545 writes it. */

export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof weekdays)[number];
export const rhythms = ['daily', 'weekly', 'fortnightly', 'monthly'] as const;
export type Rhythm = (typeof rhythms)[number];

export interface RuleChoice {
  readonly rhythm: Rhythm;
  /** Of weekly and fortnightly rules, in the order of the week. */
  readonly days: readonly Weekday[];
}

/** @param from the first day, `2026-12-01`: its weekday counts where none is chosen, and its date each month */
export function ruleOf({ rhythm, days }: RuleChoice, from: string): string {
  if (rhythm === 'daily') return 'FREQ=DAILY';
  if (rhythm === 'monthly') return `FREQ=MONTHLY;BYMONTHDAY=${Number(from.slice(8))}`;
  const chosen = weekdays.filter((day) => days.includes(day));
  const on = (chosen.length > 0 ? chosen : [weekdayOf(from)]).join(',');
  return `FREQ=WEEKLY;${rhythm === 'fortnightly' ? 'INTERVAL=2;' : ''}BYDAY=${on}`;
}

/** @returns undefined for a rule that another program made and this form has no words for */
export function choiceOf(rule: string, from: string): RuleChoice | undefined {
  const [, interval, list = ''] = /^FREQ=WEEKLY;(INTERVAL=2;)?BYDAY=([A-Z,]+)$/.exec(rule) ?? [];
  const days = weekdays.filter((day) => list.split(',').includes(day));
  const rhythm = interval ? 'fortnightly' : 'weekly';
  const choices: readonly RuleChoice[] = [
    { rhythm: 'daily', days: [] },
    { rhythm: 'monthly', days: [] },
    { rhythm, days },
  ];
  return choices.find((choice) => ruleOf(choice, from) === rule);
}

const weekMs = 7 * 86_400_000;

/**
 * Whether the hub still makes an order for this day. Of a rule that has no words here, only the next day is known.
 * @param next the first day that has no order yet
 */
export function comesOn(
  { rule, from, next }: { readonly rule: string; readonly from: string; readonly next?: string | undefined },
  day: string,
): boolean {
  if (next === undefined || day <= next) return day === next;
  const choice = choiceOf(rule, from);
  if (choice === undefined || choice.rhythm === 'daily') return choice !== undefined;
  if (choice.rhythm === 'monthly') return day.slice(8) === from.slice(8);
  const weeks = Math.round((mondayOf(day) - mondayOf(from)) / weekMs);
  return choice.days.includes(weekdayOf(day)) && (choice.rhythm === 'weekly' || weeks % 2 === 0);
}

/** Weeks begin on it, as in RFC 5545. */
function mondayOf(day: string): number {
  return Date.parse(`${day}T00:00Z`) - weekdays.indexOf(weekdayOf(day)) * (weekMs / 7);
}

export function weekdayOf(day: string): Weekday {
  const place = (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7;
  return weekdays[place] ?? 'MO';
}

/** A day of this weekday, for a formatter with the zone UTC. */
export function dayNamed(weekday: Weekday): number {
  return Date.UTC(2026, 0, 5 + weekdays.indexOf(weekday));
}

/** Minutes between the two times, where only one is given. */
const usualMinutes = 3 * 60;
const lastMinute = 24 * 60 - 1;

/**
 * The times that a new rule begins with: those that are given. Where one is missing it is three hours from the other, on the same day;
 * without both the window is the morning.
 * @param start `09:00`, or empty
 */
export function windowFor({ start, end }: { readonly start: string; readonly end: string }): {
  start: string;
  end: string;
} {
  if (start === '' && end === '') return { start: '09:00', end: '12:00' };
  return { start: start || timeFrom(end, -usualMinutes), end: end || timeFrom(start, usualMinutes) };
}

function timeFrom(time: string, by: number): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const moved = Math.min(lastMinute, Math.max(0, hours * 60 + minutes + by));
  return [Math.floor(moved / 60), moved % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
