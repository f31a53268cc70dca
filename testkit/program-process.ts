import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What must not outlive this process. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) killGroup(child);
});

const top = fileURLToPath(new URL('..', import.meta.url));
/** Of what it said, so much is shown where something did not come. */
const shownMax = 2_000;

export interface ProgramOptions {
  env?: Readonly<Record<string, string>>;
  /** The folder that it runs in; the top of the repository if not given. */
  folder?: string;
}

/** A program in a process of its own, line by line. It can write to nobody but us: its output is piped. */
export class ProgramProcess {
  /** What it has written to stdout. */
  readonly lines: string[] = [];
  /** What it has written to stderr. */
  readonly said: string[] = [];
  readonly #child: ChildProcess;
  /** After the end of its output. */
  readonly #closed: Promise<number>;
  #more = Promise.withResolvers<void>();
  #isClosed = false;

  constructor(command: string, args: readonly string[], { env = {}, folder = top }: ProgramOptions = {}) {
    // A group of its own, so that what it starts ends with it.
    this.#child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(this.#child);
    // Piped, though nothing is written: what reads its input waits for more, as at a terminal.
    this.#child.stdin?.on('error', () => {});
    this.#closed = once(this.#child, 'close').then(([code]) => {
      running.delete(this.#child);
      this.#isClosed = true;
      this.#tellMore();
      return Number(code ?? -1);
    });
    this.#collect('stdout', this.lines);
    this.#collect('stderr', this.said);
  }

  /** Resolves as soon as this holds of what it has written; rejects if it ends before. */
  async until(holds: (lines: readonly string[]) => boolean, of: 'lines' | 'said' = 'lines'): Promise<void> {
    while (!holds(this[of])) {
      if (this.#isClosed) throw new Error(`it ended before:\n${this.#shown()}`);
      await this.#more.promise;
    }
  }

  /** Resolves with its exit code. @param signal sent now */
  ended(signal?: NodeJS.Signals): Promise<number> {
    if (signal) this.signal(signal);
    return this.#closed;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it however it is, with all that it has started. Safe to call twice. */
  async dispose(): Promise<void> {
    killGroup(this.#child);
    await this.#closed;
  }

  #collect(name: 'stdout' | 'stderr', into: string[]): void {
    const input = this.#child[name];
    if (!input) throw new Error('started without a pipe');
    createInterface({ input }).on('line', (line) => {
      into.push(line);
      this.#tellMore();
    });
  }

  #tellMore(): void {
    this.#more.resolve();
    this.#more = Promise.withResolvers();
  }

  #shown(): string {
    return [...this.lines, ...this.said].join('\n').slice(-shownMax);
  }
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
