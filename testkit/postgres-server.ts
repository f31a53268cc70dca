/** A PostgreSQL server of a test's own: on a free port, in a temporary folder, stopped by its process id. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { type ReservedPort, reservePort } from './ports.ts';

const debian = '/usr/lib/postgresql';

/** The folder of PostgreSQL's programs; undefined if this machine has none. */
export function postgresPrograms(): string | undefined {
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...pathFolders()];
  return folders.find((folder) => existsSync(join(folder, 'initdb')));
}

function pathFolders(): string[] {
  return (process.env['PATH'] ?? '').split(':');
}

/** The user as whom the server runs, which refuses to run as root; undefined for our own. */
export function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

export interface PostgresServerOptions {
  /** Further settings, as `name=value`. */
  readonly settings?: readonly string[];
  /** Files as PEM, which are copied: with them it also takes TLS. */
  readonly certificate?: string;
  readonly key?: string;
  /** Data of a stopped server, of which this one gets a copy. */
  readonly data?: string;
  /** Further options of `initdb`. */
  readonly initdb?: readonly string[];
}

export class PostgresServer implements AsyncDisposable {
  readonly folder: string;
  readonly #reserved: ReservedPort;
  readonly #programs: string;
  readonly #settings: readonly string[];
  #process: ChildProcess | undefined;
  #databases = 0;

  private constructor(folder: string, reserved: ReservedPort, programs: string, settings: readonly string[]) {
    this.folder = folder;
    this.#reserved = reserved;
    this.#programs = programs;
    this.#settings = settings;
  }

  static async start({
    settings = [],
    certificate,
    key,
    data: given,
    initdb = [],
  }: PostgresServerOptions = {}): Promise<PostgresServer> {
    const programs = postgresPrograms();
    if (programs === undefined) throw new Error('PostgreSQL is missing: apt-get install postgresql');
    const folder = mkdtempSync(join(tmpdir(), 'caps-postgres-'));
    const user = postgresUser();
    if (user) chownSync(folder, user.uid, user.gid);
    const data = join(folder, 'data');
    if (given === undefined) {
      execFileSync(
        join(programs, 'initdb'),
        ['-D', data, '-U', 'caps', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C', ...initdb],
        { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
      );
    } else execFileSync('cp', ['-a', given, data]);
    const secured = certificate !== undefined && key !== undefined;
    if (secured) {
      for (const [from, name] of [
        [certificate, 'server.crt'],
        [key, 'server.key'],
      ] as const) {
        const file = join(data, name);
        writeFileSync(file, readFileSync(from), { mode: 0o600 });
        if (user) chownSync(file, user.uid, user.gid);
      }
    }
    const all = secured ? ['ssl=on', ...settings] : settings;
    const server = new PostgresServer(folder, await reservePort(), programs, all);
    await server.run();
    return server;
  }

  get port(): number {
    return this.#reserved.port;
  }

  /** Starts the server again after it was stopped. */
  async run(): Promise<void> {
    const user = postgresUser();
    const settings = [
      ...['listen_addresses=127.0.0.1', `unix_socket_directories=${this.folder}`, `port=${this.port}`],
      ...['shared_buffers=64MB', 'max_connections=100', ...this.#settings],
    ];
    const child = spawn(
      join(this.#programs, 'postgres'),
      ['-D', join(this.folder, 'data'), ...settings.flatMap((setting) => ['-c', setting])],
      { ...user, cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#process = child;
    const said: string[] = [];
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        said.push(line);
        // A standby says "read-only connections".
        if (/ready to accept .*connections/.test(line)) resolve();
      });
      child.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}: ${said.join('\n')}`)));
    });
  }

  get isRunning(): boolean {
    return this.#process?.exitCode === null && this.#process.signalCode === null;
  }

  /** An address without a database. */
  urlOf(database: string): string {
    return `postgresql://caps@127.0.0.1:${this.port}/${database}`;
  }

  /** @returns the address of a new, empty database */
  async database(): Promise<string> {
    this.#databases += 1;
    const name = `caps_${this.#databases}`;
    await this.query('postgres', `CREATE DATABASE ${name}`);
    return this.urlOf(name);
  }

  /** Runs SQL in one of its databases. */
  async query(database: string, text: string): Promise<object[]> {
    const client = new Client({ connectionString: this.urlOf(database) });
    await client.connect();
    try {
      return (await client.query<object>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** @param signal SIGINT ends it in order, SIGQUIT at once, SIGKILL as a power cut would */
  async stop(signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL' = 'SIGINT'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** All its processes stand still, as if the network had gone. */
  pause(): void {
    for (const pid of this.#pids()) process.kill(pid, 'SIGSTOP');
  }

  resume(): void {
    for (const pid of this.#pids()) process.kill(pid, 'SIGCONT');
  }

  #pids(): number[] {
    const pid = this.#process?.pid;
    if (pid === undefined) return [];
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
    return [pid, ...children.split('\n').filter(Boolean).map(Number)];
  }

  /** Makes a user prove who it is, by a method of pg_hba.conf. */
  async admit(user: string, method: string): Promise<void> {
    const path = join(this.folder, 'data', 'pg_hba.conf');
    writeFileSync(path, `host all ${user} 127.0.0.1/32 ${method}\n${readFileSync(path, 'utf8')}`);
    await this.query('postgres', 'SELECT pg_reload_conf()');
  }

  /** Copies the stopped server's data out of its folder. */
  copyTo(folder: string): void {
    execFileSync('cp', ['-a', join(this.folder, 'data'), folder]);
  }

  /** The stopped server starts as a standby, whose primary is away. */
  becomeStandby(): void {
    writeFileSync(join(this.folder, 'data', 'standby.signal'), '');
  }

  /** Copies the stopped server's data, which `restore` brings back. */
  keep(): void {
    this.#copy('data', 'kept');
  }

  restore(): void {
    this.#copy('kept', 'data');
  }

  #copy(from: string, to: string): void {
    rmSync(join(this.folder, to), { recursive: true, force: true });
    execFileSync('cp', ['-a', join(this.folder, from), join(this.folder, to)]);
  }

  /** Stops it and removes everything. */
  async remove(): Promise<void> {
    await this.stop('SIGQUIT');
    this.#reserved.release();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.remove();
  }
}
