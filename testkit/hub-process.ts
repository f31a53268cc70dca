import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { reservePort } from './ports.ts';

/** A hub in its own process, which can be killed and restarted at the same address. */
export interface HubProcess {
  readonly url: string;
  /** Port of the TCP door; 0 if it is closed. */
  readonly tcpPort: number;
  readonly pid: number;
  /** The log's folder. */
  readonly data: string;
  /** The end of its stderr. */
  readonly said: string;
  /** What it has printed first. */
  readonly greeting: string;
  /** The end of its log since it was ready: by default only faults. */
  readonly logged: string;
  readonly isRunning: boolean;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it gets no more time, without knowing. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** SIGTERM; resolves when it is gone. @returns its exit code */
  stop(): Promise<number>;
  /** Restarts it at the same address; resolves when it is ready. */
  start(): Promise<void>;
  /** Kills it, removes the folder and lets its ports go. Safe to call twice. */
  dispose(): Promise<void>;
}

export interface HubOptions {
  /** Another version's folder; this tree by default. */
  tree?: string;
  /** The script to run, from the top of its tree; the hub by default. */
  script?: string;
  /** Whether it has a TCP door. */
  tcp?: boolean;
  /** The log's folder, which the caller then removes. */
  data?: string;
  /** Options of Node, e.g. `--cpu-prof`. */
  node?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Whether to hide our environment except PATH: it must not read settings of a shell. */
  isApart?: boolean;
  /** The setting `HOST`; loopback by default. */
  host?: string;
  /** A program that runs it and gets out of the way, like `strace -D`. */
  under?: readonly string[];
}

const top = fileURLToPath(new URL('..', import.meta.url));
/** Killed when this process ends. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
function endWithUs(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}
/** Node's options and the script, as in this tree's `npm start`. */
function asStarted(tree: string, node: readonly string[], script: string | undefined): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8')) as Package;
  const [, ...words] = scripts.start.split(' ');
  return [...words.slice(0, -1), ...node, script ?? words.at(-1) ?? ''];
}
interface Package {
  readonly scripts: { readonly start: string };
}
/** Proofs and benches send as fast as the hub takes it, over few connections. */
const usual = { LOG_LEVEL: 'warn', CAPS_RATE: 'off' };
/** Environment of every hub. */
const ours = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: join(tmpdir(), 'caps-compile-cache') };
/** Time limit of a start. */
const readyMs = 60_000;

/** Starts a hub on a port that it keeps until it is disposed of, in its own folder. */
export async function startHub(options: HubOptions = {}): Promise<HubProcess> {
  const { tcp = false, host = '127.0.0.1', env = {}, data: given } = options;
  const data = given ?? (await mkdtemp(join(tmpdir(), 'caps-')));
  const reserved = [await reservePort(), ...(tcp ? [await reservePort()] : [])];
  const [port = 0, tcpPort = 0] = reserved.map((one) => one.port);
  const doors = { HOST: host, PORT: String(port), CAPS_TCP_PORT: tcp ? String(tcpPort) : 'off' };
  const settings = { CAPS_DATA: data, ...usual, ...env, ...doors };
  let child: ChildProcess;
  let said = '';
  let logged = '';
  let greeting = '';

  async function start(): Promise<void> {
    child = launch(options, settings);
    child.stderr?.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-4_000);
    });
    child.stdout?.on('data', (chunk) => {
      greeting = `${greeting}${chunk}`.slice(0, 4_000);
    });
    await isReady(child).catch((error: unknown) => {
      throw new Error(`the hub ended before it was ready:\n${said}`, { cause: error });
    });
    child.stdout?.on('data', (chunk) => {
      logged = `${logged}${chunk}`.slice(-4_000);
    });
  }

  const end = (signal: 'SIGKILL' | 'SIGTERM') => ended(child, signal);
  const release = () => {
    for (const one of reserved) one.release();
  };

  await start().catch((error: unknown) => {
    release();
    throw error;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    tcpPort,
    data,
    get said() {
      return said;
    },
    get greeting() {
      return greeting;
    },
    get logged() {
      return logged;
    },
    get isRunning() {
      return child.exitCode === null && child.signalCode === null;
    },
    get pid() {
      return child.pid ?? 0;
    },
    async kill() {
      await end('SIGKILL');
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
    start,
    async dispose() {
      await end('SIGKILL');
      release();
      if (given === undefined) await rm(data, { recursive: true, force: true });
    },
  };
}

function launch(
  { tree = top, script, node = [], under = [], isApart = false }: HubOptions,
  settings: Readonly<Record<string, string>>,
): ChildProcess {
  const [program = '', ...args] = [...under, process.execPath, ...asStarted(tree, node, script)];
  const child = spawn(program, args, {
    cwd: tree,
    env: { ...(isApart ? ours : process.env), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithUs(child);
  return child;
}

/** Sends the signal and waits. @returns the exit code; -1 without one */
async function ended(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<number> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? -1;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode ?? -1;
}

/** Resolves when the process prints its address; rejects if it ends before. */
async function isReady(child: ChildProcess): Promise<void> {
  const { stdout } = child;
  if (!stdout) throw new Error('started without a pipe');
  const deadline = setTimeout(() => child.kill('SIGKILL'), readyMs);
  try {
    for await (const line of createInterface({ input: stdout })) {
      if (line.includes('http://localhost:')) return;
    }
    throw new Error('it printed no address');
  } finally {
    clearTimeout(deadline);
    stdout.resume();
  }
}
