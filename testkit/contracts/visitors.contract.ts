/** Real hubs and those who come to their doors, for the suites of doors. */

import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect as connectTcp, type Socket as NetSocket } from 'node:net';
import { createInterface } from 'node:readline';
import { type Logger, pino } from 'pino';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Answer, CapsRecord, Events, FeedName } from '../../protocol/messages.ts';
import { type AppOptions, createApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { openSqliteStore } from '../../server/store/sqlite/sqlite.ts';
import type { Store } from '../../server/store/store.ts';
import { memoryFolder } from '../simulation/disk.ts';
import { watchStatuses } from './declared.contract.ts';

/** The real hub on a free port of loopback. */
export interface RealHub {
  readonly url: string;
  readonly port: number;
  readonly tcpPort: number;
  /** What the hub called a fault of its own, and answers that openapi.json does not declare: nothing that a client sends may be one. */
  readonly faults: readonly string[];
  /** What it told whoever runs it to look at. */
  readonly warnings: readonly string[];
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** @param settings that differ from the defaults @param breaking what is done to its store */
export async function startRealHub(
  settings: Readonly<Record<string, string>> = {},
  deadlines?: AppOptions['deadlines'],
  breaking: (store: Store) => Store = (store) => store,
): Promise<RealHub> {
  const folder = memoryFolder();
  const faults: string[] = [];
  const warnings: string[] = [];
  const log: Logger = pino(
    { level: settings['LOG_LEVEL'] ?? 'warn' },
    { write: (line) => void (line.startsWith('{"level":40,') ? warnings : faults).push(line) },
  );
  const places = { PORT: '0', CAPS_TCP_PORT: '0', HOST: '127.0.0.1', CAPS_DATA: folder };
  const config = readConfig({ ...places, ...settings });
  const store = breaking(openSqliteStore(config.dataFolder));
  const app = await createApp({ config, log, store, ...(deadlines ? { deadlines } : {}) });
  const { port: said, protocol } = new URL(app.url);
  const port = Number(said);
  const endWatch = watchStatuses(port, (what) => faults.push(what));
  return {
    url: `${protocol}//127.0.0.1:${port}`,
    port,
    tcpPort: app.tcpPort ?? 0,
    faults,
    warnings,
    async close() {
      await app.close();
      endWatch();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Somebody at the door. */
export interface Visitor {
  /** Whatever it is, as far as the door can carry it; answers in the same order. */
  send(...commands: unknown[]): Promise<Answer[]>;
  /** The first record, come or to come, that is of this event and parcel. */
  record(event: string, orderID: string): Promise<CapsRecord>;
  /** Resolves when a notice of this code has come, or comes; `relayed`: of chat that was passed on. */
  notice(code: ErrorCode | 'relayed'): Promise<void>;
  /** Everything that it was sent, as text. */
  readonly heard: string;
  close(): void;
}

/** Keeps what a visitor is sent, for `record` and `heard`. */
export class Ears {
  readonly #records: CapsRecord[] = [];
  #waiting: (() => void)[] = [];
  heard = '';

  /** @param records those of it that are not only about the board */
  hear(message: unknown, records: readonly CapsRecord[] = []): void {
    this.heard += `${JSON.stringify(message)}\n`;
    this.#records.push(...records);
    for (const check of this.#waiting) check();
  }

  async notice(code: ErrorCode | 'relayed'): Promise<void> {
    const marks = code === 'relayed' ? ['"kind":"relayed"'] : ['"kind":"refused"', `"code":"${code}"`];
    while (!marks.every((mark) => this.heard.includes(mark))) {
      await new Promise<void>((resolve) => {
        const check = () => {
          this.#waiting = this.#waiting.filter((one) => one !== check);
          resolve();
        };
        this.#waiting.push(check);
      });
    }
  }

  record(event: string, orderID: string): Promise<CapsRecord> {
    return new Promise((resolve) => {
      const check = () => {
        const found = this.#records.find((one) => one.event === event && one.payload.orderID === orderID);
        if (!found) return;
        this.#waiting = this.#waiting.filter((one) => one !== check);
        resolve(found);
      };
      this.#waiting.push(check);
      check();
    });
  }
}

export const orderOf = (store: string, orderID: string, more: object = {}): object => ({
  event: 'pickup',
  payload: { store, orderID, customer: 'Hulda', address: '835 Meluk Pass', ...more },
});
export const stepOf = (event: string, store: string, orderID: string, more: object = {}): object => ({
  ...{ event, payload: { store, orderID }, ...more },
});

// ---- by Socket.IO ----

export type Options = Partial<ManagerOptions & SocketOptions>;

/** The board's records are of parcels that nobody holds yet. */
export const heardAs = (feed: FeedName, records: readonly CapsRecord[]): readonly CapsRecord[] =>
  feed === 'board' ? [] : records;

/** Single attempts by WebSocket, unless the options say otherwise. */
export function dial(url: string, auth: object, options: Options = {}): Socket {
  return io(url, { auth, transports: ['websocket'], forceNew: true, reconnection: false, ...options });
}

/** Resolves with the next message of this name. */
export async function next<T>(socket: Socket, event: string): Promise<T> {
  const [message] = (await once(socket as never, event)) as [T];
  return message;
}

/** The hub's words for why a connection was refused, or the library's. */
export async function refusalOf(socket: Socket): Promise<unknown> {
  const error = await next<Error & { data?: { code?: string } }>(socket, 'connect_error');
  socket.close();
  return error.data?.code ?? error.message;
}

export async function visit(url: string, who: object, options?: Options): Promise<Visitor> {
  const ears = new Ears();
  const socket = dial(`${url}/caps`, { protocol: 1, ...who }, options);
  socket.on('events', (events: Events) => ears.hear(events, heardAs(events.feed, events.records)));
  for (const name of ['parcels', 'presence', 'notice']) socket.on(name, (message) => ears.hear(message));
  await next(socket, 'welcome');
  return {
    send: (...commands) => socket.emitWithAck('commands', commands) as Promise<Answer[]>,
    record: (event, orderID) => ears.record(event, orderID),
    notice: (code) => ears.notice(code),
    get heard() {
      return ears.heard;
    },
    close: () => void socket.close(),
  };
}

// ---- by TCP ----

/** A connection and what it is sent, line by line. */
export class Line {
  readonly socket: NetSocket;
  readonly heard: string[] = [];
  /** Resolves with the time of its end. */
  readonly ended: Promise<void>;
  #listeners: ((line: string) => void)[] = [];

  /** @param from this machine's address that it comes from */
  constructor(port: number, from = '127.0.0.1') {
    this.socket = connectTcp({ port, host: '127.0.0.1', noDelay: true, localAddress: from });
    this.ended = new Promise((resolve) => this.socket.once('close', () => resolve()));
    // What breaks is closed as well. The lines emit the errors of their input once more.
    const lines = createInterface({ input: this.socket });
    for (const broken of [this.socket, lines]) broken.on('error', () => {});
    lines.on('line', (line) => {
      this.heard.push(line);
      for (const listener of [...this.#listeners]) listener(line);
    });
  }

  write(data: string | Uint8Array | object): void {
    this.socket.write(typeof data === 'string' || data instanceof Uint8Array ? data : JSON.stringify(data));
  }

  on(listener: (line: string) => void): void {
    this.#listeners.push(listener);
  }

  /** The first line that fits, come or to come. */
  line(fits: string | ((message: LineMessage) => boolean)): Promise<string> {
    const isIt = (line: string) =>
      typeof fits === 'string'
        ? line === fits
        : line.startsWith('{') && fits(JSON.parse(line) as LineMessage);
    const known = this.heard.find(isIt);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const listener = (line: string) => {
        if (!isIt(line)) return;
        this.#listeners = this.#listeners.filter((one) => one !== listener);
        resolve(line);
      };
      this.#listeners.push(listener);
      void this.ended.then(() => reject(new Error(`ended after ${this.heard.slice(-3).join(' ')}`)));
    });
  }

  async message(fits: (message: LineMessage) => boolean): Promise<LineMessage> {
    return JSON.parse(await this.line(fits)) as LineMessage;
  }

  /** The first error, come or to come. */
  async error(): Promise<string> {
    const { payload } = await this.message(({ event }) => event === 'error');
    return String(payload['code']);
  }

  close(): void {
    this.socket.destroy();
  }
}

export interface LineMessage {
  readonly event: string;
  readonly payload: Record<string, unknown>;
  readonly id?: string;
}

/** Somebody who has said hello. */
export async function visitByTcp(port: number, who: object): Promise<Visitor> {
  const ears = new Ears();
  const line = new Line(port);
  const answered: ((answer: Answer) => void)[] = [];
  line.on((text) => {
    const { event, payload } = JSON.parse(text) as { event: string; payload: unknown };
    if (event === 'answer') answered.shift()?.(payload as Answer);
    else if (event === 'error') answered.shift()?.({ ok: false, error: payload } as Answer);
    else if (event === 'events') {
      const events = payload as Events;
      ears.hear(events, heardAs(events.feed, events.records));
    } else ears.hear(payload);
  });
  line.write({ event: 'hello', payload: who });
  await line.message(({ event }) => event === 'welcome');
  return {
    send(...commands) {
      const answers = commands.map(() => new Promise<Answer>((resolve) => answered.push(resolve)));
      line.write(commands.map((command) => JSON.stringify(command)).join('\n'));
      return Promise.all(answers);
    },
    record: (event, orderID) => ears.record(event, orderID),
    notice: (code) => ears.notice(code),
    get heard() {
      return ears.heard;
    },
    close: () => line.close(),
  };
}
