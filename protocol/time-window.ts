/** When an order may be delivered: from `notBefore`, if given, to `dueAt`, after which it is late. */

export interface TimeWindow {
  readonly notBefore?: string | null | undefined;
  readonly dueAt?: string | null | undefined;
}

export const windowProblem = 'is after dueAt';

/** Whether it does not end before it begins. */
export function isWindow({ notBefore, dueAt }: TimeWindow): boolean {
  return !notBefore || !dueAt || Date.parse(notBefore) <= Date.parse(dueAt);
}

/** Whether it is an IANA time zone that this machine knows. Offsets, like `+01:00`, are none: they do not change their clocks. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
