import { tortureVariable } from './torture-variable.ts';

/**
 * `npm run torture:web` tries every combination of what `npm test` tries once: every state in every look, every way at
 * every pace.
 */
export const isTorture = process.env[tortureVariable] === '1';

/** The parts of the whole that this one of several tests takes: every so many-th, or all. */
export function shareOf<T>(all: readonly T[], turn: number, turns: number): readonly T[] {
  return isTorture ? all : all.filter((_, i) => i % turns === turn);
}
