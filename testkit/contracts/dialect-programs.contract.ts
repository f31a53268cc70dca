/**
 * Short programs as people write them for the lab, against a real hub. Each gives up after a moment, as its author
 * would.
 */

import { once } from 'node:events';
import { connect, type Socket as NetSocket } from 'node:net';
import { io as io4 } from 'socket.io-client';
import io2 from 'socket.io-client-2';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { CapsRecord } from '../../protocol/messages.ts';
import { messagesOf } from '../lab-chunks.ts';
import { type RealHub, startRealHub } from '../real-hub.ts';
import { TcpLine } from '../tcp-lines.ts';
import { openClient, type TestClient } from '../test-client.ts';

export type Fields = Record<string, unknown>;

export interface AnySocket {
  on(event: string, listener: (...args: never[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  close(): unknown;
}

const options = { forceNew: true, reconnection: false };

/** The next message under this name. @param id of the order it must be about */
export async function heard(program: AnySocket, event: string, id?: string): Promise<Fields> {
  if (id !== undefined) return heardOf(program, event, (payload) => namesOf(payload).includes(id));
  const [payload] = (await once(program as never, event)) as [Fields];
  return payload;
}

function namesOf(payload: unknown): unknown[] {
  const read: unknown = typeof payload === 'string' ? JSON.parse(payload) : payload;
  return isFields(read) ? [read['orderID'], read['orderId']] : [];
}

/** The first message under this name that matches. */
export function heardOf(
  program: AnySocket,
  event: string,
  fits: (payload: Fields) => boolean,
): Promise<Fields> {
  return new Promise((resolve) => {
    program.on(event, (payload: Fields) => {
      if (fits(payload)) resolve(payload);
    });
  });
}

/** A lab program on TCP: it parses each chunk as one message. */
export class Program {
  readonly socket: NetSocket;
  readonly heard: Fields[] = [];

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1' });
    this.socket.on('data', (chunk) => {
      for (const text of messagesOf(chunk)) this.heard.push(JSON.parse(text) as Fields);
    });
  }

  send(message: object): void {
    this.socket.write(JSON.stringify(message));
  }

  async hears(fits: (message: Fields) => boolean): Promise<Fields> {
    for (;;) {
      const found = this.heard.find(fits);
      if (found) return found;
      await once(this.socket, 'data');
    }
  }

  close(): void {
    this.socket.destroy();
  }
}

/** A hub for a file of tests, and programs that are closed after each test. */
export class Lab {
  #hub: RealHub | undefined;
  #dispatch: TestClient | undefined;
  readonly #open: { close(): unknown }[] = [];

  constructor() {
    beforeAll(async () => {
      this.#hub = await startRealHub();
      this.#dispatch = await openClient(this.hub.url, { role: 'admin' });
    });
    afterEach(() => {
      for (const one of this.#open.splice(0)) one.close();
    });
    afterAll(async () => {
      this.dispatch.close();
      await this.hub.close();
      expect(this.hub.faults).toEqual([]);
    });
  }

  get hub(): RealHub {
    if (!this.#hub) throw new Error('The hub has not been started.');
    return this.#hub;
  }

  get dispatch(): TestClient {
    if (!this.#dispatch) throw new Error('Dispatch is not there yet.');
    return this.#dispatch;
  }

  async socket(namespace = '/caps', version: 2 | 4 = 4): Promise<AnySocket> {
    const url = this.hub.url + namespace;
    const made: AnySocket = version === 2 ? io2(url, options) : io4(url, options);
    this.#open.push(made);
    await once(made as never, 'connect');
    return made;
  }

  async program(): Promise<Program> {
    const made = new Program(this.hub.tcpPort);
    this.#open.push(made);
    await once(made.socket, 'connect');
    return made;
  }

  line(): TcpLine {
    const made = new TcpLine(this.hub.tcpPort);
    this.#open.push(made);
    return made;
  }

  /** The order's events in the log. */
  async life(orderID: string, store = 'red'): Promise<string[]> {
    const { records } = (await (await fetch(`${this.hub.url}/api/orders/${store}/${orderID}`)).json()) as {
      records: CapsRecord[];
    };
    return records.map(({ event }) => event);
  }
}

let count = 0;
export const newId = (): string => {
  count += 1;
  return `fact-${count}`;
};

export const person = { customer: 'Hulda', address: '835 Meluk Pass' };
export const order = (orderID: string, store = 'red') => ({ store, orderID, ...person });
export const isFields = (payload: unknown): payload is Fields =>
  typeof payload === 'object' && payload !== null;
export const about =
  (event: string, orderID: string) =>
  (message: Fields): boolean =>
    message['event'] === event && isFields(message['payload']) && message['payload']['orderID'] === orderID;
