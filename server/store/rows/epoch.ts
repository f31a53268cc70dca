import { randomBytes } from 'node:crypto';

/** A new, unique name of a log. */
export function newEpoch(): string {
  return randomBytes(6).toString('hex');
}
