/**
 * Whether the calendar has this day. `Date` takes 30 February for 2 March.
 * @param day `2026-11-30`, or a moment that begins so
 */
export function isInCalendar(day: string): boolean {
  const [, year, month, date] = (/^(\d{4})-(\d\d)-(\d\d)(?!\d)/.exec(day) ?? []).map(Number);
  if (year === undefined || month === undefined || date === undefined) return false;
  const daysOfMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && date >= 1 && date <= daysOfMonth;
}
