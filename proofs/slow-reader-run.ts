/** A hub whose memory is measured while a reader of its log does not read. */

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { io, type Socket } from 'socket.io-client';
import { type Client, connect, type NewCommand } from '../client/client.ts';
import { Places } from '../client/places.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Connection, Events, Presence, Welcome } from '../protocol/messages.ts';
import { type HubProcess, startHub } from '../testkit/hub-process.ts';
import { readLines } from '../testkit/tcp-lines.ts';

/** Size of a record, near the limit, so that a few overflow the kernel's buffers. */
const recordBytes = 15_000;
/** The index and the like grow by about 40 MB; a hub that buffers unread data grows by 85 to 130. */
export const growthMaxBytes = 56 * 1024 * 1024;
/** Records while everyone reads: they fill every cache (`server/store/memory.ts`), and then the hub keeps its size. */
export const warmUp = 5_500;

/** Engine.IO's answer to a ping, more often than the hub asks. */
const pong = '3';
const pongEveryMs = 2_000;
/** Longer than any run. */
const patienceMs = 3_600_000;

/** A reader of the whole log that can stop reading. */
export interface Reader {
  readonly seqs: readonly number[];
  pause(): void;
  resume(): void;
  /** Resolves when it has read up to this seq. */
  until(seq: number): Promise<void>;
  close(): void;
}

class Seqs {
  readonly all: number[] = [];
  #waiting: { seq: number; resolve: () => void } | undefined;

  add(seq: number): void {
    this.all.push(seq);
    if (seq === this.#waiting?.seq) this.#waiting.resolve();
  }

  until(seq: number): Promise<void> {
    if ((this.all.at(-1) ?? 0) >= seq) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { seq, resolve };
    });
  }
}

export class WeighedHub implements AsyncDisposable {
  readonly #hub: HubProcess;
  readonly #folder: string;
  readonly #shop: Client;

  /** @param script a mutant */
  static async start(script?: string): Promise<WeighedHub> {
    const folder = mkdtempSync(join(tmpdir(), 'caps-'));
    const hub = await startHub({
      ...(script === undefined ? {} : { script }),
      // A small young generation and a collection before each measurement: only live data counts.
      node: [
        ...['--max-old-space-size=128', '--max-semi-space-size=8'],
        '--expose-gc',
        '--import=./testkit/weigh.ts',
      ],
      env: { WEIGH_AT: join(folder, 'scale') },
      tcp: true,
    });
    return new WeighedHub(hub, folder);
  }

  private constructor(hub: HubProcess, folder: string) {
    this.#hub = hub;
    this.#folder = folder;
    this.#shop = connect({ url: hub.url, identity: { role: 'vendor', store: 'red' } });
  }

  /**
   * A page that goes on answering pings while it reads nothing. Otherwise both sides would take each other for gone after
   * twenty seconds, which on a busy machine is before the hub has sent much.
   */
  async page(): Promise<Reader> {
    const socket: Socket = io(`${this.#hub.url}/caps`, {
      auth: { protocol: PROTOCOL_VERSION, role: 'admin', name: 'slow' },
      transports: ['websocket'],
      reconnection: false,
    });
    socket.io.engine.once('handshake', (data) => {
      data.pingTimeout = patienceMs;
    });
    const [welcome] = (await once(socket as never, 'welcome')) as [Welcome];
    const places = new Places('admin');
    places.begin(welcome.head);
    const seqs = new Seqs();
    socket.on('events', (events: Events) => {
      const stretch = places.take(events);
      if (typeof stretch === 'string') throw new Error(`the frame from ${events.prev} on is ${stretch}`);
      for (const { seq } of stretch.records) seqs.add(seq);
    });
    const { engine } = socket.io;
    const { ws } = engine.transport as unknown as {
      ws: { pause(): void; resume(): void; send(text: string): void };
    };
    let answering: ReturnType<typeof setInterval> | undefined;
    return {
      seqs: seqs.all,
      pause: () => {
        ws.pause();
        answering = setInterval(() => ws.send(pong), pongEveryMs);
      },
      resume: () => {
        clearInterval(answering);
        ws.resume();
      },
      until: (seq) => seqs.until(seq),
      close: () => {
        clearInterval(answering);
        socket.close();
      },
    };
  }

  /** A plain client, which receives every record as a line. */
  async program(): Promise<Reader> {
    const socket = connectTcp({ port: this.#hub.tcpPort, host: '127.0.0.1' });
    await once(socket, 'connect');
    const seqs = new Seqs();
    readLines(socket, (line) => {
      const { seq } = JSON.parse(line) as { seq?: number };
      // The greeting is not a record.
      if (seq !== undefined) seqs.add(seq);
    });
    return {
      seqs: seqs.all,
      pause: () => void socket.pause(),
      resume: () => void socket.resume(),
      until: (seq) => seqs.until(seq),
      close: () => void socket.destroy(),
    };
  }

  /** Places so many orders, numbered from there on. @returns the hub's peak memory meanwhile, in bytes */
  async mostDuring(from: number, count: number): Promise<number> {
    let most = 0;
    for (let done = 0; done < count; done += 1_000) {
      await this.#order(from + done, Math.min(1_000, count - done));
      // After a garbage collection.
      most = Math.max(most, Number(await text(connectTcp(join(this.#folder, 'scale')))));
    }
    return most;
  }

  /** Resolves when dispatch sees a connection of this kind. It reads no records: they cost it more than the reader. */
  async isTold(like: (connection: Connection) => boolean): Promise<void> {
    const headers = { accept: 'text/event-stream' };
    const { body } = await fetch(`${this.#hub.url}/api/connections`, { headers });
    let heard = '';
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const messages = (heard + chunk).split('\n\n');
      heard = messages.pop() ?? '';
      for (const message of messages) {
        const [, presence = '{}'] = /^data: (\{.+)$/m.exec(message) ?? [];
        const { all = [], joined = [] } = JSON.parse(presence) as Presence;
        if ([...all, ...joined].some(like)) return;
      }
    }
    throw new Error('The stream of connections has ended.');
  }

  async #order(from: number, count: number): Promise<void> {
    const part = 'x'.repeat(1_000);
    const more = Object.fromEntries(
      Array.from({ length: recordBytes / part.length }, (_, i) => [`part${i}`, part]),
    );
    const orders = Array.from({ length: count }, (_, i): NewCommand => {
      const payload = {
        store: 'red',
        orderID: String(from + i),
        customer: 'Hulda',
        address: 'Pass',
        ...more,
      };
      return { event: 'pickup', payload };
    });
    const answers = await Promise.all(orders.map((order) => this.#shop.command(order)));
    const refused = answers.filter(({ ok }) => !ok);
    if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused[0])}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#shop.close();
    await this.#hub.dispose();
    rmSync(this.#folder, { recursive: true });
  }
}
