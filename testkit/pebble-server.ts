/**
 * A certificate authority of a test's own, as those of the internet: Let's Encrypt's Pebble, on loopback alone. Every name
 * leads to this machine.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { reservePort } from './ports.ts';
import { certificate, certificateKey } from './simulation/certificate.ts';

const triesMax = 200;

export interface PebbleOptions {
  /** Ports at which it tries whether a name is the hub's, instead of 443 and 80. */
  readonly tlsPort: number;
  readonly httpPort: number;
  /** Life of its certificates. */
  readonly seconds?: number;
}

export class PebbleServer implements AsyncDisposable {
  readonly directory: string;
  /** Its root, which is another one at each start. */
  readonly root: string;
  readonly #end: () => Promise<void>;

  private constructor(directory: string, root: string, end: () => Promise<void>) {
    this.directory = directory;
    this.root = root;
    this.#end = end;
  }

  /** From then on this process trusts its address. */
  static async start({ tlsPort, httpPort, seconds = 86_400 }: PebbleOptions): Promise<PebbleServer> {
    const folder = mkdtempSync(join(tmpdir(), 'caps-pebble-'));
    const names = await answerNames();
    const ports = [await reservePort(), await reservePort()];
    const [listen = 0, management = 0] = ports.map(({ port }) => port);
    const files = { certificate: join(folder, 'cert.pem'), privateKey: join(folder, 'key.pem') };
    writeFileSync(files.certificate, certificate);
    writeFileSync(files.privateKey, certificateKey);
    const pebble = {
      listenAddress: `127.0.0.1:${listen}`,
      managementListenAddress: `127.0.0.1:${management}`,
      ...{ ...files, httpPort, tlsPort, certificateValidityPeriod: seconds },
    };
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ pebble }));
    setDefaultCACertificates([...getCACertificates(), certificate]);
    const child = await run(join(folder, 'config.json'), names.address().port);
    const end = async () => {
      await stop(child);
      names.close();
      for (const port of ports) port.release();
      rmSync(folder, { recursive: true });
    };
    const root = await read(`https://127.0.0.1:${management}/roots/0`).catch(async (error: unknown) => {
      await end();
      throw error;
    });
    return new PebbleServer(`https://127.0.0.1:${listen}/dir`, root, end);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end();
  }
}

async function run(config: string, names: number): Promise<ChildProcess> {
  const child = spawn('pebble', ['-config', config, '-dnsserver', `127.0.0.1:${names}`], {
    env: { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', () => reject(new Error('Pebble is missing: apt-get install pebble')));
    child.once('exit', (code) => reject(new Error(`Pebble ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('ACME directory available')) resolve();
    });
  });
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Pebble says its addresses a moment before it listens at both. */
async function read(url: string): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    try {
      const [response] = await once(get(url, { agent: false }), 'response');
      return await text(response);
    } catch (error) {
      if (tries === triesMax) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A name server for which every name is this machine. */
async function answerNames(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const isAddress = question.readUInt16BE(question.length - 4) === 1;
    const head = Buffer.from([0x81, 0x80, 0, 1, 0, isAddress ? 1 : 0, 0, 0, 0, 0]);
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    const said = [query.subarray(0, 2), head, question, ...(isAddress ? [answer] : [])];
    socket.send(Buffer.concat(said), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}
