/** Two real hubs behind a real HAProxy with deploy/haproxy.cfg as it stands, on free ports of loopback. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { accepts, programOf } from '../testkit/browser/proxies.ts';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';
import { reservePort } from '../testkit/ports.ts';

const config = fileURLToPath(new URL('../deploy/haproxy.cfg', import.meta.url));
const startMaxMs = 20_000;

/** Settings of each hub. Without a database each has a log of its own. */
function hubSettings(databaseUrl: string | undefined): Readonly<Record<string, string>> {
  return { CAPS_TRUST_PROXY: 'on', ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }) };
}

/** What HAProxy says of one hub in one of its lists. */
export interface ServerState {
  /** Connections now. */
  readonly open: number;
  /** HAProxy's word: `UP`, `DOWN`, `no check`, or with more while that changes. */
  readonly status: string;
}

export interface BalancedHubs {
  /** The balancer's address by HTTP. */
  readonly url: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly tcpPort: number;
  readonly hubs: readonly [HubProcess, HubProcess];
  /** The certificate for `localhost`, if there is one. */
  readonly certificate: string | undefined;
  /** Index of the hub whose log has this epoch or cursor, if each has a log of its own. */
  hubOf(cursor: string): number;
  /**
   * @param list a backend of deploy/haproxy.cfg
   * @param kind `unready`: the servers that are used while no hub is ready
   * @returns in the order of the hubs
   */
  states(list: string, kind?: 'hub' | 'unready'): Promise<ServerState[]>;
  dispose(): Promise<void>;
}

export interface BalancedHubsOptions {
  /** Further settings of both hubs. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the folder of certificates has one. */
  readonly hasCertificate?: boolean;
  /** The database of both hubs. */
  readonly databaseUrl?: string;
}

export async function startBalancedHubs(options: BalancedHubsOptions = {}): Promise<BalancedHubs> {
  const { env = {}, hasCertificate = false, databaseUrl } = options;
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'caps-haproxy-')), (it) =>
    rm(it, { recursive: true, force: true }),
  );
  const start = async () =>
    stack.adopt(await startHub({ tcp: true, env: { ...hubSettings(databaseUrl), ...env } }), (hub) =>
      hub.dispose(),
    );
  const hubs = [await start(), await start()] as const;
  const reserve = async () => stack.adopt(await reservePort(), ({ release }) => release()).port;
  const [httpPort, httpsPort, tcpPort] = [await reserve(), await reserve(), await reserve()];
  const certificates = join(folder, 'certificates');
  await mkdir(certificates);
  const certificate = hasCertificate ? await makeCertificate(certificates) : undefined;
  const [one, two] = hubs;
  const stats = join(folder, 'stats');
  const seen = join(folder, 'stats.cfg');
  // Its own file, so that deploy/haproxy.cfg stays as it is.
  await writeFile(seen, `global\n  stats socket ${stats}\n`);
  await startBalancer(stack, seen, {
    ...{ HTTP: `127.0.0.1:${httpPort}`, HTTPS: `127.0.0.1:${httpsPort}`, TCP: `127.0.0.1:${tcpPort}` },
    CERTIFICATES: certificates,
    ...{ HUB_1: new URL(one.url).host, HUB_1_TCP: `127.0.0.1:${one.tcpPort}` },
    ...{ HUB_2: new URL(two.url).host, HUB_2_TCP: `127.0.0.1:${two.tcpPort}` },
  });
  const epochs = await Promise.all(hubs.map(({ url }) => epochAt(url, env['CAPS_ADMIN_KEY'])));
  const all = stack.move();
  return {
    url: `http://127.0.0.1:${httpPort}`,
    ...{ httpPort, httpsPort, tcpPort, hubs, certificate },
    hubOf: (cursor) => epochs.indexOf(cursor.split('.')[0] ?? ''),
    states: (list, kind = 'hub') => statesIn(stats, list, kind),
    dispose: () => all.disposeAsync(),
  };
}

async function startBalancer(
  stack: AsyncDisposableStack,
  more: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(programOf('haproxy'), ['-db', '-f', config, '-f', more], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  stack.adopt(child, endOf);
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (data) => {
      said += String(data);
    });
  }
  const deadline = Date.now() + startMaxMs;
  const port = Number(env['HTTP']?.split(':')[1]);
  while (!(await accepts(port))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`HAProxy did not start: ${said}`);
    await pause(50);
  }
}

/** Asks HAProxy's own socket. */
async function statesIn(stats: string, list: string, kind: string): Promise<ServerState[]> {
  const socket = connect(stats);
  socket.end('show stat\n');
  const text = (await socket.toArray()).join('');
  const [head = [], ...rows] = text.split('\n').map((line) => line.split(','));
  const column = (row: readonly string[], name: string) => row[head.indexOf(name)] ?? '';
  return rows
    .filter(([backend, server]) => backend === list && server?.startsWith(`${kind}-`))
    .map((row) => ({
      open: Number(column(row, 'scur')),
      status: column(row, 'status'),
    }));
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** Certificate and key in one file, as HAProxy reads them. @returns the certificate */
async function makeCertificate(folder: string): Promise<string> {
  const [key, cert] = [join(folder, '..', 'key.pem'), join(folder, '..', 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...names, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  const certificate = await readFile(cert, 'utf8');
  await writeFile(join(folder, 'localhost.pem'), `${certificate}${await readFile(key, 'utf8')}`);
  return certificate;
}

async function epochAt(url: string, key: string | undefined): Promise<string> {
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(`${url}/api/orders`, { headers });
  const { asOf } = (await answer.json()) as { asOf: string };
  return asOf.split('.')[0] ?? '';
}
