/** Test clients of the hub: identity, commands and messages. rest-client.ts has those of REST. */

import { once } from 'node:events';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { ErrorCode } from '../protocol/errors.ts';
import type { Answer, CapsRecord, Events, FeedName } from '../protocol/messages.ts';
import { TcpLine } from './tcp-lines.ts';

/** A client at any door, with the operations that all doors share. */
export interface TestClient {
  /** Sends anything at all, as far as the door can carry it. @returns the answers in order */
  send(...commands: unknown[]): Promise<Answer[]>;
  /** The first record of this event and order, now or later. */
  record(event: string, orderID: string): Promise<CapsRecord>;
  /** Resolves when there is a notice with this code, now or later; `relayed` stands for relayed chat. */
  notice(code: ErrorCode | 'relayed'): Promise<void>;
  /** Everything that it was sent, as text. */
  readonly heard: string;
  close(): void;
}

/** Records a test client's messages, for `record` and `heard`. */
export class MessageRecorder {
  readonly #records: CapsRecord[] = [];
  #waiting: (() => void)[] = [];
  heard = '';

  /** @param records its records, except those that are only about the board */
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

/** Records of the board are about parcels without a holder. */
export const heardAs = (feed: FeedName, records: readonly CapsRecord[]): readonly CapsRecord[] =>
  feed === 'board' ? [] : records;

/** A single attempt over WebSocket, unless the options say otherwise. */
export function dial(url: string, auth: object, options: Options = {}): Socket {
  return io(url, { auth, transports: ['websocket'], forceNew: true, reconnection: false, ...options });
}

/** Resolves with the next message of this name. */
export async function next<T>(socket: Socket, event: string): Promise<T> {
  const [message] = (await once(socket as never, event)) as [T];
  return message;
}

/** The hub's or the library's reason for a refused connection. */
export async function refusalOf(socket: Socket): Promise<unknown> {
  const error = await next<Error & { data?: { code?: string } }>(socket, 'connect_error');
  socket.close();
  return error.data?.code ?? error.message;
}

/** Resolves after `welcome`. */
export async function openClient(url: string, who: object, options?: Options): Promise<TestClient> {
  const recorder = new MessageRecorder();
  const socket = dial(`${url}/caps`, { protocol: 1, ...who }, options);
  socket.on('events', (events: Events) => recorder.hear(events, heardAs(events.feed, events.records)));
  for (const name of ['parcels', 'presence', 'notice']) socket.on(name, (message) => recorder.hear(message));
  await next(socket, 'welcome');
  return {
    send: (...commands) => socket.emitWithAck('commands', commands) as Promise<Answer[]>,
    record: (event, orderID) => recorder.record(event, orderID),
    notice: (code) => recorder.notice(code),
    get heard() {
      return recorder.heard;
    },
    close: () => void socket.close(),
  };
}

// ---- by TCP ----

/** Resolves after `welcome`. */
export async function openTcpClient(port: number, who: object): Promise<TestClient> {
  const recorder = new MessageRecorder();
  const line = new TcpLine(port);
  const answered: ((answer: Answer) => void)[] = [];
  line.on((text) => {
    const { event, payload } = JSON.parse(text) as { event: string; payload: unknown };
    if (event === 'answer') answered.shift()?.(payload as Answer);
    else if (event === 'error') answered.shift()?.({ ok: false, error: payload } as Answer);
    else if (event === 'events') {
      const events = payload as Events;
      recorder.hear(events, heardAs(events.feed, events.records));
    } else recorder.hear(payload);
  });
  line.write({ event: 'hello', payload: who });
  await line.message(({ event }) => event === 'welcome');
  return {
    send(...commands) {
      const answers = commands.map(() => new Promise<Answer>((resolve) => answered.push(resolve)));
      line.write(commands.map((command) => JSON.stringify(command)).join('\n'));
      return Promise.all(answers);
    },
    record: (event, orderID) => recorder.record(event, orderID),
    notice: (code) => recorder.notice(code),
    get heard() {
      return recorder.heard;
    },
    close: () => line.close(),
  };
}
