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
