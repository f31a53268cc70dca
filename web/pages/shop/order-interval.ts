import { safeLocalStorage } from '../../app/safe-storage.ts';
import { shop as words } from '../../words/shop.ts';

/** How often a simulated order is made, in seconds. */
export const everySecondsMin = 0.2;
const everySecondsUsual = 5;
const everySecondsMax = 86_400;

/** What is wrong with a pace, in words for under the field. */
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
