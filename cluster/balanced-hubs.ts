/** Two real hubs behind a real HAProxy with deploy/haproxy.cfg as it stands, on free ports of loopback. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { accepts, freePorts, programOf } from '../testkit/browser/proxies.ts';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';

const config = fileURLToPath(new URL('../deploy/haproxy.cfg', import.meta.url));
const startMaxMs = 20_000;

/** Settings of each hub: where it keeps its log. Without a database each has a log of its own. */
function hubSettings(): Readonly<Record<string, string>> {
  return { HOST: '127.0.0.1', CAPS_TRUST_PROXY: 'on' };
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
  /** Index of the hub whose log has this epoch or cursor. */
  hubOf(cursor: string): number;
  dispose(): Promise<void>;
}

export interface BalancedHubsOptions {
  /** Further settings of both hubs. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the folder of certificates has one. */
  readonly hasCertificate?: boolean;
}

export async function startBalancedHubs(options: BalancedHubsOptions = {}): Promise<BalancedHubs> {
  const { env = {}, hasCertificate = false } = options;
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'caps-haproxy-')), (it) =>
    rm(it, { recursive: true, force: true }),
  );
  const start = async () =>
    stack.adopt(await startHub({ tcp: true, env: { ...hubSettings(), ...env } }), (hub) => hub.dispose());
  const hubs = [await start(), await start()] as const;
  const [httpPort = 0, httpsPort = 0, tcpPort = 0] = await freePorts(3);
  const certificates = join(folder, 'certificates');
  await mkdir(certificates);
  const certificate = hasCertificate ? await makeCertificate(certificates) : undefined;
  const [one, two] = hubs;
  await startBalancer(stack, {
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
    dispose: () => all.disposeAsync(),
  };
}

async function startBalancer(
  stack: AsyncDisposableStack,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(programOf('haproxy'), ['-db', '-f', config], {
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
