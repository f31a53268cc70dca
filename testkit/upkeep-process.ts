/** Runs what is behind `npm run backup`, `restore`, `export` and `import`. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../server/main.ts', import.meta.url));

export interface UpkeepOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node. */
  readonly node?: readonly string[];
  /** A program that runs it and gets out of the way. */
  readonly under?: readonly string[];
}

export interface UpkeepResult {
  /** -1 if it was killed. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface UpkeepProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<UpkeepResult>;
}

export function startUpkeep(args: readonly string[], options: UpkeepOptions = {}): UpkeepProcess {
  const { env = {}, node = [], under = [] } = options;
  const [program = '', ...rest] = [...under, process.execPath, ...node, main, ...args];
  const child = spawn(program, rest, {
    env: { ...process.env, DATABASE_URL: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = async (): Promise<UpkeepResult> => {
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = (await once(child, 'exit')) as [number | null];
    const [stdout, stderr] = await output;
    return { code: code ?? -1, stdout, stderr };
  };
  return { child, ended: ended() };
}

export function runUpkeep(args: readonly string[], options: UpkeepOptions = {}): Promise<UpkeepResult> {
  return startUpkeep(args, options).ended;
}
