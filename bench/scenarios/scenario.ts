/** The shape of a scenario of scenarios.bench.ts. */

import { setTimeout as pause } from 'node:timers/promises';

export interface Scenario {
  /** As `--only` names it. */
  readonly name: string;
  /** @param share of the usual connections and time: 1, or less for a try */
  run(share: number): Promise<readonly Outcome[]>;
}

/** A row of results.md. */
export interface Outcome {
  /** What was done, with its numbers. */
  readonly what: string;
  readonly measured: string;
  /** What others did in the same run, or what explains the measurement. */
  readonly beside: string;
  readonly goals: readonly Goal[];
}

export interface Goal {
  readonly claim: string;
  readonly isReached: boolean;
}

/** @throws Error if the promise is late */
export async function within<T>(promise: Promise<T>, maxMs: number, what: string): Promise<T> {
  const late = pause(maxMs, undefined, { ref: false }).then((): never => {
    throw new Error(`${what} took more than ${maxMs / 1_000} s`);
  });
  return Promise.race([promise, late]);
}

export function atMost(name: string, value: number, max: number, unit: string): Goal {
  return { claim: `${name} ≤ ${max.toLocaleString('en')} ${unit}`.trim(), isReached: value <= max };
}

export function atLeast(name: string, value: number, min: number, unit: string): Goal {
  return { claim: `${name} ≥ ${min.toLocaleString('en')} ${unit}`, isReached: value >= min };
}

/** @param of 0.99 for the 99th percentile */
export function quantile(ascending: readonly number[], of: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * of))] ?? Number.NaN;
}

/** The middle, the 99th percentile and the maximum. */
export function quantilesOf(ms: readonly number[]): string {
  const sorted = ms.toSorted((a, b) => a - b);
  return [0.5, 0.99, 1].map((of) => inMs(quantile(sorted, of))).join(' · ');
}

export function inMs(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${ms.toFixed(ms < 100 ? 1 : 0)} ms`;
}

export function grouped(count: number): string {
  return Math.round(count).toLocaleString('en');
}

export function cellsOf({ what, measured, beside, goals }: Outcome): readonly string[] {
  const missed = goals.filter(({ isReached }) => !isReached);
  const verdict = missed.length === 0 ? 'yes' : `**no**: ${missed.map(({ claim }) => claim).join('; ')}`;
  return [
    what,
    measured,
    beside,
    goals.map(({ claim }) => claim).join('; ') || '–',
    goals.length === 0 ? '' : verdict,
  ];
}
