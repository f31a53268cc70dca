/** Measures the duration of `npm start` up to the hub's greeting, and the CPU time of all its processes. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { familyCpuSecondsOf } from './machine.ts';
import type { CopiedLog } from './reading-log.ts';

export interface Start {
  readonly wallMs: number;
  readonly cpuSeconds: number;
}

/** The first start fills caches and does not count. */
const starts = 4;

/** Starts the hub of this tree several times in sequence on the copied log. */
export async function startsOf(tree: string, copy: CopiedLog): Promise<readonly Start[]> {
  const all: Start[] = [];
  for (let i = 0; i < starts; i += 1) all.push(await startOnce(tree, copy));
  return all.slice(1);
}

async function startOnce(tree: string, { folder, env }: CopiedLog): Promise<Start> {
  const settings = { HOST: '127.0.0.1', PORT: '0', CAPS_TCP_PORT: 'off', CAPS_DATA: folder, ...env };
  const begin = performance.now();
  const npm = spawn('npm', ['start'], {
    cwd: tree,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
    // Its own process group, to stop all of it.
    detached: true,
  });
  try {
    await greeted(npm);
    return { wallMs: performance.now() - begin, cpuSeconds: familyCpuSecondsOf(npm.pid ?? 0) };
  } finally {
    const ended = once(npm, 'close');
    process.kill(-(npm.pid ?? 0), 'SIGTERM');
    await ended;
  }
}

async function greeted({ stdout }: ChildProcess): Promise<void> {
  if (!stdout) throw new Error('started without a pipe');
  try {
    for await (const line of createInterface({ input: stdout })) {
      if (line.includes('CAPS is running')) return;
    }
  } finally {
    stdout.resume();
  }
  throw new Error('it ended before its greeting');
}
