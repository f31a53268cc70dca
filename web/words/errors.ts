import { type ErrorCode, errorKinds } from '../../protocol/errors.ts';
import { isolated } from './formats.ts';

/**
 * Translates an error by its code. Appends the hub's English sentence if that says more than the code, and returns it alone
 * if the code is unknown.
 */
export function translatedError(
  errors: Readonly<Record<ErrorCode, string>>,
  code: string,
  said: string,
): string {
  if (!isKnown(code)) return said;
  return said === errorKinds[code].message ? errors[code] : `${errors[code]} (${isolated(said)})`;
}

function isKnown(code: string): code is ErrorCode {
  return Object.keys(errorKinds).includes(code);
}
