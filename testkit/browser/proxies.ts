/** Real proxies on free ports, set up as docs/proxies.md says, in front of a hub. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export type ProxyName = 'nginx' | 'caddy' | 'haproxy';

/** Ports and folders of a test. */
export interface Places {
  /** The proxy's port, for HTTP and TCP. */
  readonly port: number;
  readonly tcpPort: number;
  /** The hub's port. */
  readonly hubPort: number;
  readonly hubTcpPort: number;
}

interface Kind {
  /** Debian's package. */
  readonly package: string;
  /** Language of its code block in the document. */
  readonly block: string;
  /** Replacements for the document's addresses. */
  readonly addresses: (places: Places) => readonly [shown: string, here: string][];
  /** Additions for a test: all files in this folder, and no daemon. */
  readonly around: (config: string, folder: string) => string;
  readonly args: (file: string) => readonly string[];
}

const kinds: Readonly<Record<ProxyName, Kind>> = {
  nginx: {
    package: 'nginx-light',
    block: 'nginx',
    addresses: ({ port, hubPort }) => [
      ['listen 80;', `listen 127.0.0.1:${port};`],
      ['127.0.0.1:3000', `127.0.0.1:${hubPort}`],
    ],
    around: (config, folder) =>
      [
        `pid ${folder}/pid;\nerror_log stderr;\ndaemon off;\nworker_processes 1;\nevents {}\nhttp {\naccess_log off;`,
        ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
          (name) => `${name}_temp_path ${folder}/${name};`,
        ),
        `${config}}\n`,
      ].join('\n'),
    args: (file) => ['-c', file, '-e', 'stderr'],
  },
  caddy: {
    package: 'caddy',
    block: 'caddyfile',
    addresses: ({ port, hubPort }) => [
      ['hub.example.com', `http://localhost:${port}`],
      ['127.0.0.1:3000', `127.0.0.1:${hubPort}`],
    ],
    around: (config) => `{\n  admin off\n  default_bind 127.0.0.1\n}\n${config}`,
    args: (file) => ['run', '--config', file, '--adapter', 'caddyfile'],
  },
  haproxy: {
    package: 'haproxy',
    block: 'haproxy',
    addresses: ({ port, tcpPort, hubPort, hubTcpPort }) => [
      ['bind :80', `bind 127.0.0.1:${port}`],
      ['bind :4000', `bind 127.0.0.1:${tcpPort}`],
      ['127.0.0.1:3000', `127.0.0.1:${hubPort}`],
      ['127.0.0.1:4001', `127.0.0.1:${hubTcpPort}`],
    ],
    around: (config, folder) => `global\n  stats socket ${folder}/stats\n\n${config}`,
    args: (file) => ['-db', '-f', file],
  },
};

const startMaxMs = 20_000;

export class RunningProxy {
  readonly folder: string;
  readonly #child: ChildProcess;
  #said = '';

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.folder = folder;
    for (const output of [child.stdout, child.stderr]) {
      output?.on('data', (chunk: Buffer) => {
        this.#said += chunk;
      });
    }
  }

  /** @param config replaces the document's */
  static async start(name: ProxyName, places: Places, config = shownConfig(name)): Promise<RunningProxy> {
    const kind = kinds[name];
    const program = programOf(name);
    const folder = await mkdtemp(join(tmpdir(), `caps-${name}-`));
    let here = config;
    for (const [shown, there] of kind.addresses(places)) {
      if (!here.includes(shown)) throw new Error(`The configuration of ${name} has no "${shown}".`);
      here = here.replaceAll(shown, there);
    }
    const file = join(folder, 'config');
    await writeFile(file, kind.around(here, folder));
    const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    const child = spawn(program, kind.args(file), { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const proxy = new RunningProxy(child, folder);
    await proxy.#listening(name, places.port);
    return proxy;
  }

  async #listening(name: ProxyName, port: number): Promise<void> {
    const end = Date.now() + startMaxMs;
    while (!(await accepts(port))) {
      if (this.#child.exitCode !== null || Date.now() > end) {
        await this.stop();
        throw new Error(`${name} did not start: ${this.#said}`);
      }
      await wait(50);
    }
  }

  /** Safe to call twice. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The configuration in docs/proxies.md. */
function shownConfig(name: ProxyName): string {
  const document = readFileSync(fileURLToPath(new URL('../../docs/proxies.md', import.meta.url)), 'utf8');
  const [, config] = new RegExp(`^\`\`\`${kinds[name].block}\\n([^]*?)^\`\`\``, 'm').exec(document) ?? [];
  if (config === undefined) throw new Error(`docs/proxies.md shows nothing for ${name}.`);
  return config;
}

/** @returns its path @throws Error that says what to install */
export function programOf(name: ProxyName): string {
  // Debian installs them outside users' PATH.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found) return found;
  throw new Error(`This test needs ${name}: run "apt-get install ${kinds[name].package}".`);
}

/** Whether something listens on a port. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
