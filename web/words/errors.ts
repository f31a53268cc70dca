import { type ErrorCode, errorKinds } from '../../protocol/errors.ts';
import { isolated } from './formats.ts';

/**
 * An error of the hub's by its code; with the hub's own sentence, which is English, where that says more than the code
 * does, or where this page does not know the code.
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
