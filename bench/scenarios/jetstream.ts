/** NATS JetStream with one stream in files. Its readers are push consumers without acknowledgements. */

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type BrokerClients,
  endProcess,
  launch,
  type RunningBroker,
  recordText,
  untilPrinted,
} from './broker.ts';
import { SkippingParser, type Step } from './skipping-parser.ts';

const run = promisify(execFile);
const stream = 'CAPS';
/** From this minor version of 2 on it can sync each message by itself. */
const syncsSince = 10;

/** @returns undefined if it is not on this machine */
export async function jetstreamVersion(): Promise<string | undefined> {
  const found = await run('nats-server', ['--version']).catch(() => undefined);
  return /v(\d+\.\d+\.\d+)/.exec(found?.stdout ?? '')?.[1];
}

function syncsItself(version: string): boolean {
  return Number(version.split('.')[1]) >= syncsSince || !version.startsWith('2.');
}

/** Whether each message can be synced, by this version itself or by the file system of our folders. */
export async function canSync(version: string): Promise<boolean> {
  if (syncsItself(version)) return true;
  const folder = await mkdtemp(join(tmpdir(), 'caps-bench-'));
  try {
    await run('chattr', ['+S', folder]);
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true });
  }
}

export interface JetstreamOptions {
  readonly folder: string;
  readonly port: number;
  readonly version: string;
  /** Whether each message is synced before its acknowledgement. By default the server syncs every two minutes. */
  readonly isSynced: boolean;
}

export async function startJetstream(options: JetstreamOptions): Promise<RunningBroker> {
  const { folder, port, version, isSynced } = options;
  // What is made in there inherits it: every write is synced, as by `sync_interval: always`.
  if (isSynced && !syncsItself(version)) await run('chattr', ['+S', folder]);
  const config = join(folder, 'nats.conf');
  const sync = isSynced && syncsItself(version) ? ', sync_interval: always' : '';
  await writeFile(config, `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${folder}/js"${sync} }\n`);
  const child = launch('nats-server', ['-c', config]);
  const stop = () => endProcess(child);
  try {
    await untilPrinted(child, child.stderr, /Server is ready/);
    const address = `127.0.0.1:${port}`;
    const socket = await openSocket(address);
    await ask(socket, `$JS.API.STREAM.CREATE.${stream}`, {
      ...{ name: stream, subjects: ['caps.>'], storage: 'file', retention: 'limits', num_replicas: 1 },
    });
    socket.destroy();
    return { address, pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export const jetstreamClients: BrokerClients = {
  async openReader(address, reader, onRecords) {
    const socket = await openSocket(address);
    const inbox = `deliver.${reader}`;
    socket.write(`SUB ${inbox} 2\r\n`);
    await ask(socket, `$JS.API.CONSUMER.CREATE.${stream}`, {
      stream_name: stream,
      config: { deliver_subject: inbox, deliver_policy: 'new', ack_policy: 'none', mem_storage: true },
    });
    follow(socket, () => onRecords(1));
  },
  async openPublisher(address, publisher, onAcked) {
    const socket = await openSocket(address);
    const inbox = `acks.${publisher}`;
    socket.write(`SUB ${inbox} 2\r\n`);
    let missing = 0;
    let next = 0;
    let resolve = () => {};
    follow(socket, (head) => {
      if (head.includes('"error"')) throw new Error(head);
      missing -= 1;
      onAcked(1);
      if (missing === 0) resolve();
    });
    return (count) => {
      const texts = Array.from({ length: count }, (_, i) => {
        const text = recordText(publisher, next + i);
        return `PUB caps.${publisher} ${inbox} ${Buffer.byteLength(text)}\r\n${text}\r\n`;
      });
      next += count;
      missing = count;
      return new Promise((done) => {
        resolve = done;
        socket.write(texts.join(''));
      });
    };
  },
};

async function openSocket(address: string): Promise<Socket> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect({ host, port: Number(port), noDelay: true });
  await once(socket, 'data');
  socket.write('CONNECT {"verbose":false,"pedantic":false}\r\n');
  return socket;
}

/** A request to the API of JetStream. @throws Error if it refuses */
async function ask(socket: Socket, subject: string, body: object): Promise<void> {
  const text = JSON.stringify(body);
  const inbox = `answer.${Math.random().toString(36).slice(2)}`;
  socket.write(`SUB ${inbox} 1\r\nPUB ${subject} ${inbox} ${Buffer.byteLength(text)}\r\n${text}\r\n`);
  let answer = '';
  while (!/^MSG answer\S* 1 \d+\r\n.*\r\n/m.test(answer)) answer += String((await once(socket, 'data'))[0]);
  if (answer.includes('"error"')) throw new Error(answer);
}

/** Longest part of a message that `onMessage` gets. */
const headMax = 100;

function follow(socket: Socket, onMessage: (head: string) => void): void {
  const parser = new SkippingParser((data): Step | undefined => {
    const end = data.indexOf('\r\n');
    if (end < 0) return undefined;
    const line = data.toString('latin1', 0, end);
    if (line === 'PING') socket.write('PONG\r\n');
    if (line.startsWith('-ERR')) throw new Error(line);
    if (!line.startsWith('MSG ')) return { used: end + 2, skip: 0 };
    const size = Number(line.slice(line.lastIndexOf(' ')));
    const head = Math.min(size, headMax);
    if (data.length < end + 2 + head) return undefined;
    onMessage(data.toString('latin1', end + 2, end + 2 + head));
    return { used: end + 2, skip: size + 2 };
  });
  socket.on('data', (chunk) => parser.push(chunk));
}
