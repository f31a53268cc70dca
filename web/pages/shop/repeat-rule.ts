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

export function weekdayOf(day: string): Weekday {
  const place = (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7;
  return weekdays[place] ?? 'MO';
}

/** A day of this weekday, for a formatter with the zone UTC. */
export function dayNamed(weekday: Weekday): number {
  return Date.UTC(2026, 0, 5 + weekdays.indexOf(weekday));
}
