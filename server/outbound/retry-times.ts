/** When to try again what has failed: later and later, for days, and never all at the same moment. */

export interface RetryRule {
  readonly firstMs: number;
  /** From one try to the next, at most. */
  readonly longestMs: number;
  /** From the first failure to the last try. */
  readonly windowMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** For programs, whose people may be away over a weekend. */
export const threeDays: RetryRule = { firstMs: 5_000, longestMs: 4 * hourMs, windowMs: 72 * hourMs };
/** For people, who want no old news. */
export const oneDay: RetryRule = { firstMs: 5_000, longestMs: 2 * hourMs, windowMs: 24 * hourMs };
/** A `Retry-After` beyond it counts as this. */
export const retryAfterMaxMs = hourMs;

/** All times in milliseconds since 1970. */
export interface FailureRun {
  readonly since: number;
  readonly tries: number;
  readonly next: number;
}

export interface Failure {
  readonly now: number;
  /** As the other side asked. */
  readonly retryAfterMs?: number | undefined;
  /** From 0 to 1. */
  readonly chance: number;
}

/** @returns undefined once it has been tried for the whole window: it is given up */
export function failedAgain(
  rule: RetryRule,
  before: Pick<FailureRun, 'since' | 'tries'> | undefined,
  { now, retryAfterMs, chance }: Failure,
): FailureRun | undefined {
  // The clock may have been ahead.
  const since = Math.min(before?.since ?? now, now);
  const tries = (before?.tries ?? 0) + 1;
  const end = since + rule.windowMs;
  if (now >= end) return undefined;
  const usualMs = Math.min(rule.longestMs, rule.firstMs * 2 ** Math.min(tries - 1, 40));
  const wantedMs =
    retryAfterMs === undefined
      ? usualMs * (0.75 + chance / 2)
      : Math.min(retryAfterMaxMs, Math.max(rule.firstMs, retryAfterMs));
  return { since, tries, next: Math.min(now + Math.round(wantedMs), end) };
}

/** Whether to try now. A time that is too far off is of a clock that was ahead. */
export function isDue(rule: RetryRule, { next }: Pick<FailureRun, 'next'>, now: number): boolean {
  return next <= now || next - now > 2 * rule.longestMs;
}
