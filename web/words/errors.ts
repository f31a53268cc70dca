import { type ErrorCode, errorKinds } from '../../protocol/errors.ts';
import { type UnavailableReason, unavailableReasons } from '../../protocol/unavailable.ts';
import { isolated } from './formats.ts';

export type ErrorTexts = Readonly<Record<ErrorCode | UnavailableReason, string>>;

/**
 * Translates an error by its code. Appends the hub's English sentence if that says more than the code, and returns it alone
 * if the code is unknown.
 */
export function translatedError(errors: ErrorTexts, code: string, said: string): string {
  if (!isKnown(code)) return said;
  const reason = reasonIn(said);
  if (reason !== undefined) return errors[reason];
  return said === errorKinds[code].message ? errors[code] : `${errors[code]} (${isolated(said)})`;
}

function isKnown(code: string): code is ErrorCode {
  return Object.keys(errorKinds).includes(code);
}

function reasonIn(said: string): UnavailableReason | undefined {
  const reasons: readonly UnavailableReason[] = ['cannot-record', 'database-away', 'stopping'];
  return reasons.find((reason) => unavailableReasons[reason] === said);
}
