import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Killed when this process ends. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) killGroup(child);
});

const top = fileURLToPath(new URL('..', import.meta.url));
/** Characters of output quoted when something expected did not come. */
const shownMax = 2_000;

export interface ProgramOptions {
  env?: Readonly<Record<string, string>>;
  /** Working folder; the top of the repository by default. */
  folder?: string;
}

/** A program in its own process, read line by line. Its output is piped, so it cannot write to the terminal. */
export class ProgramProcess {
  /** Lines of stdout. */
  readonly lines: string[] = [];
  /** Chunks of stderr. */
  readonly said: string[] = [];
  readonly #child: ChildProcess;
  /** Resolves at the end of its output. */
  readonly #closed: Promise<number>;
  #more = Promise.withResolvers<void>();
  #isClosed = false;

  constructor(command: string, args: readonly string[], { env = {}, folder = top }: ProgramOptions = {}) {
    // A process group, so that its children end with it.
    this.#child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(this.#child);
    // Piped and left open: a program that reads its input waits, as at a terminal.
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

  /** Resolves as soon as `holds` is true of its output; rejects if it ends before. */
  async until(holds: (lines: readonly string[]) => boolean, of: 'lines' | 'said' = 'lines'): Promise<void> {
    while (!holds(this[of])) {
      if (this.#isClosed) throw new Error(`it ended before:\n${this.#escapeUnseen()}`);
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

  /** Kills it with its children. Safe to call twice. */
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

  #escapeUnseen(): string {
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
