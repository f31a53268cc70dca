/** Turns measurements into cells of results.md, and checks them against the limits. */

import type { ProbeReport } from './ack-probe.ts';
import type { Must } from './reading-scenarios.ts';

export interface Measurement {
  /** The concurrent shop, before and during the task. */
  readonly rest: ProbeReport | undefined;
  readonly meanwhile: ProbeReport | undefined;
  /** Ascending. */
  readonly tookMs: readonly number[];
  readonly said: string;
  /** Largest growth of the hub's memory. */
  readonly growthMb: number | undefined;
  /** Memory and heap per connection after a garbage collection. */
  readonly eachKb: { readonly resident: number; readonly heap: number } | undefined;
  /** Median duration of a start. */
  readonly cpuSeconds?: number | undefined;
  /** Why it failed. */
  readonly failure: string | undefined;
}

/** @param share 0.99 for the 99th percentile */
function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? 0;
}

function shown(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  if (ms >= 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
}

function quantiles(ms: readonly number[]): string {
  if (ms.length === 0) return '';
  if (ms.length === 1) return shown(ms[0] ?? 0);
  return [0.5, 0.99, 1].map((share) => shown(quantile(ms, share))).join(' · ');
}

export function tookCell({ tookMs, said, growthMb, eachKb, failure }: Measurement): string {
  const parts = [quantiles(tookMs), said];
  if (growthMb !== undefined && growthMb >= 50) parts.push(`memory +${growthMb.toFixed(0)} MB`);
  if (eachKb) parts.push(`each ${eachKb.resident.toFixed(1)} kB, ${eachKb.heap.toFixed(1)} of it heap`);
  if (failure !== undefined) parts.push(failure);
  return parts.filter((part) => part !== '').join('; ');
}

export function acksCell(report: ProbeReport | undefined): string {
  if (!report) return '';
  const refused = report.refused === 0 ? '' : `, ${report.refused} refused`;
  const unanswered = report.unanswered === 0 ? '' : `, ${report.unanswered} unanswered`;
  return `${quantiles(report.ackMs)}${refused}${unanswered}`;
}

export function mustCell(must: Must): string {
  return claimsOf(must)
    .map(({ claim }) => claim)
    .join('; ');
}

/** The missed limits, in words. */
export function missesOf(must: Must, measured: Measurement): readonly string[] {
  if (measured.failure !== undefined) return [measured.failure];
  return claimsOf(must).flatMap(({ name, holds }) => (holds(measured) ? [] : [name]));
}

interface Claim {
  readonly name: string;
  readonly claim: string;
  readonly holds: (measured: Measurement) => boolean;
}

function claimsOf({
  tookMaxMs,
  tookP99Ms,
  ackP99Ms,
  growthMaxMb,
  eachMaxKb,
  cpuMaxSeconds,
  isNeverEmpty,
}: Must): readonly Claim[] {
  const claims: Claim[] = [];
  const within = (
    name: string,
    max: number | undefined,
    unit: string,
    of: (measured: Measurement) => number,
  ) => {
    if (max !== undefined) {
      claims.push({
        name,
        claim: `${name} ≤ ${max.toLocaleString('en')} ${unit}`,
        holds: (measured) => of(measured) <= max,
      });
    }
  };
  within('took', tookMaxMs, 'ms', ({ tookMs }) => quantile(tookMs, 1));
  within('took p99', tookP99Ms, 'ms', ({ tookMs }) => quantile(tookMs, 0.99));
  within('acks p99', ackP99Ms, 'ms', ({ meanwhile }) => quantile(meanwhile?.ackMs ?? [], 0.99));
  within('memory', growthMaxMb, 'MB more', ({ growthMb }) => growthMb ?? 0);
  within('each', eachMaxKb, 'kB', ({ eachKb }) => eachKb?.resident ?? 0);
  within('CPU', cpuMaxSeconds, 's', ({ cpuSeconds }) => cpuSeconds ?? 0);
  if (isNeverEmpty === true) {
    claims.push({
      name: 'empty pages',
      claim: 'no empty page before the end',
      holds: ({ said }) => !said.includes('empty though'),
    });
  }
  return claims;
}
