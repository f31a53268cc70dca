/** When something was or will be, by this device's clock and in its zone, as one would say it in a sentence. */
export function momentText(at: Date, now: Date): string {
  const time = timeOfDay.format(at);
  const days = Math.round((startOfDay(at) - startOfDay(now)) / dayMs);
  if (days === 0) return time;
  const near = nearby[days];
  if (near !== undefined) return `${near}, ${time}`;
  return `${(at.getFullYear() === now.getFullYear() ? day : dayAndYear).format(at)}, ${time}`;
}

/** With everything that `momentText` leaves out. */
export function wholeMomentText(at: Date): string {
  return whole.format(at);
}

const dayMs = 86_400_000;
const nearby: Readonly<Record<number, string>> = { [-1]: 'yesterday', 1: 'tomorrow' };

// The hours are written as the device's owner does, the words in the page's language.
const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const whole = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });

function startOfDay(moment: Date): number {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}
