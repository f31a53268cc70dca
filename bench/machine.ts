/** Statistics of processes from proc(5), and the cells of results.md that describe the machine. */

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** /proc counts time in hundredths of a second. */
const ticksPerSecond = 100;

interface Stat {
  readonly parent: number;
  /** CPU time of the process, and of its children that have ended. */
  readonly cpuSeconds: number;
  readonly withEndedCpuSeconds: number;
}

function statOf(pid: number, file = `/proc/${pid}/stat`): Stat {
  const stat = readFileSync(file, 'utf8');
  // The name in brackets may contain spaces; the third field follows it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const sum = (from: number, to: number) =>
    fields.slice(from, to).reduce((all, field) => all + Number(field), 0) / ticksPerSecond;
  return { parent: Number(fields[1]), cpuSeconds: sum(11, 13), withEndedCpuSeconds: sum(11, 15) };
}

export function cpuSecondsOf(pid: number): number {
  return statOf(pid).cpuSeconds;
}

/** CPU seconds of a process's threads that still run. Threads with the same name are added up. */
export function threadCpuOf(pid: number): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${task}`;
    try {
      const name = readFileSync(`${folder}/comm`, 'utf8').trim();
      seconds.set(name, (seconds.get(name) ?? 0) + statOf(pid, `${folder}/stat`).cpuSeconds);
    } catch {
      // The thread ended in between.
    }
  }
  return seconds;
}

/** CPU time of a process and its descendants. */
export function familyCpuSecondsOf(pid: number): number {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      stats.set(Number(name), statOf(Number(name)));
    } catch {
      // The process ended in between.
    }
  }
  const isOurs = (one: number): boolean => {
    const parent = stats.get(one)?.parent ?? 0;
    return one === pid || (parent > 1 && isOurs(parent));
  };
  let seconds = 0;
  for (const [one, { withEndedCpuSeconds }] of stats) if (isOurs(one)) seconds += withEndedCpuSeconds;
  return seconds;
}

export function residentMbOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
}

export function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

const idleShare = 0.1;

/** Resolves when a process has been idle for a second. @returns false after the timeout */
export async function isIdle(pid: number, maxMs: number): Promise<boolean> {
  const deadline = performance.now() + maxMs;
  do {
    const before = cpuSecondsOf(pid);
    await pause(1_000);
    if (cpuSecondsOf(pid) - before < idleShare) return true;
  } while (performance.now() < deadline);
  return false;
}

/** The cells of date, commit, machine and load average. */
export function placeCells(tree: string): readonly string[] {
  const asked = { cwd: tree, encoding: 'utf8' } as const;
  const commit = execFileSync('git', ['describe', '--always', '--dirty=+'], asked).trim();
  const processors = cpus();
  return [
    new Date().toISOString().slice(0, 10),
    commit,
    `${processors.length} × ${processors[0]?.model.trim() ?? '?'}, Node ${process.versions.node}`,
    (loadavg()[0] ?? 0).toFixed(1),
  ];
}
