import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A hub in a process of its own, which can be killed and started again under the same address. */
export interface HubProcess {
  readonly url: string;
  /** Of its TCP door; 0 where that is closed. */
  readonly tcpPort: number;
  readonly pid: number;
  /** The folder that it keeps its log in. */
  readonly data: string;
  /** The end of what it wrote to stderr. */
  readonly said: string;
  /** The end of what it has logged since it was ready: by itself only what is wrong with it. */
  readonly logged: string;
  /** Whether it still runs. */
  readonly isRunning: boolean;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: the system gives it no more time, and it knows nothing of it. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** SIGTERM, and waits until it is gone. @returns its exit code */
  stop(): Promise<number>;
  /** Starts it again where it was; resolves when it is ready. */
  start(): Promise<void>;
  /** Ends it however it is, and removes the folder. Safe to call twice. */
  dispose(): Promise<void>;
}

export interface HubOptions {
  /** Where the hub is run, if it is not this tree's: another version of it, say. */
  tree?: string;
  /** What is run: the hub itself, or something that stands in for it. From the top of its tree. */
  script?: string;
  /** Whether it has a TCP door. */
  tcp?: boolean;
  /** The folder that it keeps its log in, which is then the caller's to remove. */
  data?: string;
  /** Options of Node, e.g. `--cpu-prof`. */
  node?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Whether it sees nothing of our own environment but where programs are: it must not listen to what a shell has set. */
  isApart?: boolean;
  /** As the setting `HOST`; loopback if not given. */
  host?: string;
  /** A program that runs it and puts itself out of the way, as `strace -D` does. */
  under?: readonly string[];
}

const top = fileURLToPath(new URL('..', import.meta.url));
/** What must not outlive this process. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
function endWithUs(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}
/** Node's options and what is run, as `npm start` has them in this tree. */
function asStarted(tree: string, node: readonly string[], script: string | undefined): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8')) as Package;
  const [, ...words] = scripts.start.split(' ');
  return [...words.slice(0, -1), ...node, script ?? words.at(-1) ?? ''];
}
interface Package {
  readonly scripts: { readonly start: string };
}
/** Proofs and benches send as fast as the hub takes it, over a few connections. */
const usual = { LOG_LEVEL: 'warn', CAPS_RATE: 'off' };
/** What of our environment every hub gets. */
const ours = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: join(tmpdir(), 'caps-compile-cache') };
/** A hub that is not ready by then never will be. */
const readyMs = 60_000;

/** Starts a hub on a free port and in a folder of its own. */
export async function startHub(options: HubOptions = {}): Promise<HubProcess> {
  const { tcp = false, host = '127.0.0.1', env = {}, data: given } = options;
  const data = given ?? (await mkdtemp(join(tmpdir(), 'caps-')));
  const port = await freePort();
  const tcpPort = tcp ? await freePort() : 0;
  const doors = { HOST: host, PORT: String(port), CAPS_TCP_PORT: tcp ? String(tcpPort) : 'off' };
  const settings = { CAPS_DATA: data, ...usual, ...env, ...doors };
  let child: ChildProcess;
  let said = '';
  let logged = '';

  async function start(): Promise<void> {
    child = launch(options, settings);
    child.stderr?.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-4_000);
    });
    await isReady(child).catch((error: unknown) => {
      throw new Error(`the hub ended before it was ready:\n${said}`, { cause: error });
    });
    child.stdout?.on('data', (chunk) => {
      logged = `${logged}${chunk}`.slice(-4_000);
    });
  }

  const end = (signal: 'SIGKILL' | 'SIGTERM') => ended(child, signal);

  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    tcpPort,
    data,
    get said() {
      return said;
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

/** Sends the signal and waits. @returns the exit code, -1 if it had none */
async function ended(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<number> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? -1;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode ?? -1;
}

/**
 * A free port below those that the system gives to outgoing connections: while the hub is down, one of its
 * clients' attempts could be given the hub's own port, and reach itself.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const probe = createServer().listen(port, '127.0.0.1');
    const free = await once(probe, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
  throw new Error('no port is free');
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
