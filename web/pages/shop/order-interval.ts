import { safeLocalStorage } from '../../app/safe-storage.ts';
import { shop as words } from '../../words/shop.ts';

/** The interval of simulated orders, in seconds. */
export const everySecondsMin = 0.2;
const everySecondsUsual = 5;
const everySecondsMax = 86_400;

/** @returns the error text under the field; undefined if the interval is valid */
export function everyProblem(seconds: number): string | undefined {
  if (!Number.isFinite(seconds)) return words().every.number;
  if (seconds < everySecondsMin) return words().every.least(everySecondsMin);
  if (seconds > everySecondsMax) return words().every.most;
  return undefined;
}

export function savedEverySeconds(): number {
  const seconds = Number.parseFloat(safeLocalStorage.read('every') ?? '');
  return everyProblem(seconds) === undefined ? seconds : everySecondsUsual;
}

export function saveEverySeconds(seconds: number): void {
  safeLocalStorage.write('every', String(seconds));
}
