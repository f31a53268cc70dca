/** A Redis stream with `appendfsync always`: an answer comes after the sync. Its readers block in XREAD. */

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
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

const stream = 'caps';
/** Entries that a reader takes at once. */
const pageMax = 1_000;
/** Id, field and value of each entry are strings; ids are short. */
const stringsPerEntry = 3;
const idMax = 64;

/** @returns undefined if it is not on this machine */
export async function redisVersion(): Promise<string | undefined> {
  const found = await promisify(execFile)('redis-server', ['--version']).catch(() => undefined);
  return /v=(\S+)/.exec(found?.stdout ?? '')?.[1];
}

export async function startRedis(folder: string, port: number): Promise<RunningBroker> {
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''];
  const child = launch('redis-server', [...place, '--appendonly', 'yes', '--appendfsync', 'always']);
  const stop = () => endProcess(child);
  try {
    await untilPrinted(child, child.stdout, /ready to accept connections/i);
    return { address: `127.0.0.1:${port}`, pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export const redisClients: BrokerClients = {
  async openReader(address, _reader, onRecords) {
    const socket = await openSocket(address);
    const read = (after: string) =>
      socket.write(commandOf('XREAD', 'COUNT', String(pageMax), 'BLOCK', '0', 'STREAMS', stream, after));
    const page = new PageParser((count, last) => {
      onRecords(count);
      read(last);
    });
    const parser = new SkippingParser((data) => page.step(data));
    socket.on('data', (chunk) => parser.push(chunk));
    read('$');
    // Answered in order on another connection, once the server has seen the first read.
    await ping(address);
  },
  async openPublisher(address, publisher, onAcked) {
    const socket = await openSocket(address);
    let missing = 0;
    let next = 0;
    let resolve = () => {};
    const parser = new SkippingParser((data): Step | undefined => {
      const line = lineOf(data);
      if (!line) return undefined;
      if (!line.text.startsWith('$')) throw new Error(line.text);
      missing -= 1;
      onAcked(1);
      if (missing === 0) resolve();
      return { used: line.used, skip: Number(line.text.slice(1)) + 2 };
    });
    socket.on('data', (chunk) => parser.push(chunk));
    return (count) => {
      const texts = Array.from({ length: count }, (_, i) =>
        commandOf('XADD', stream, '*', 'e', recordText(publisher, next + i)),
      );
      next += count;
      missing = count;
      return new Promise((done) => {
        resolve = done;
        socket.write(texts.join(''));
      });
    };
  },
};

/** Reads `[[stream, [[id, [field, value]], …]]]`. */
class PageParser {
  readonly #onPage: (count: number, last: string) => void;
  /** Headers of arrays before the entries; the third is their number. */
  #arrays = 0;
  #entries = 0;
  #strings = 0;
  #last = '';

  constructor(onPage: (count: number, last: string) => void) {
    this.#onPage = onPage;
  }

  step(data: Buffer): Step | undefined {
    const line = lineOf(data);
    if (!line) return undefined;
    const { text, used } = line;
    const size = Number(text.slice(1));
    if (text.startsWith('*')) {
      this.#arrays += 1;
      if (this.#arrays === 3) this.#entries = size;
      return { used, skip: 0 };
    }
    if (!text.startsWith('$')) throw new Error(text);
    // The first string is the stream's name.
    if (this.#arrays < 3) return { used, skip: size + 2 };
    const isId = this.#strings % stringsPerEntry === 0;
    if (isId && data.length < used + Math.min(size, idMax)) return undefined;
    if (isId) this.#last = data.toString('latin1', used, used + size);
    this.#strings += 1;
    if (this.#strings === this.#entries * stringsPerEntry) this.#end();
    return { used, skip: size + 2 };
  }

  #end(): void {
    const count = this.#entries;
    this.#arrays = 0;
    this.#strings = 0;
    this.#onPage(count, this.#last);
  }
}

function lineOf(data: Buffer): { text: string; used: number } | undefined {
  const end = data.indexOf('\r\n');
  return end < 0 ? undefined : { text: data.toString('latin1', 0, end), used: end + 2 };
}

function commandOf(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

async function openSocket(address: string): Promise<Socket> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect({ host, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  return socket;
}

async function ping(address: string): Promise<void> {
  const socket = await openSocket(address);
  socket.write(commandOf('PING'));
  await once(socket, 'data');
  socket.destroy();
}
