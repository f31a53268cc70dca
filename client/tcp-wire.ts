/** A wire to the hub's TCP door, for Node: one line of JSON per message. Code for browsers must not import it. */

import { connect, type Socket } from 'node:net';
import { errorKinds, type WireError } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type {
  Answer,
  Command,
  Events,
  Handshake,
  Health,
  Notice,
  Offers,
  OffersAnswer,
  Parcels,
  Presence,
  Welcome,
} from '../protocol/messages.ts';
import type { Dial, WireHandlers } from './socketio-wire.ts';

/** In characters. A page of the largest records is far shorter. */
const lineMax = 32 * 1024 * 1024;
/** A hub that owes an answer and sends nothing for so long counts as gone. */
const silentMs = 20_000;
/** Time to send the last data after a close. */
const lingerMs = 1_000;
const keepAliveMs = 60_000;

/** @param host a name or an address, e.g. `192.168.1.5` */
export function tcpWire(host: string, port: number): Dial {
  return (handlers) => {
    let connection: Connection | undefined;
    return {
      open(handshake) {
        connection?.close();
        connection = new Connection({ host, port }, handshake, handlers);
      },
      send: (batch) => connection?.send(batch) ?? Promise.resolve(undefined),
      offers: (from) => connection?.offers(from) ?? Promise.resolve(undefined),
      duty: (state) => connection?.duty(state),
      close: () => connection?.close(),
    };
  };
}

/** The answers to one `send` so far. */
interface PendingBatch {
  readonly size: number;
  readonly answers: Answer[];
  readonly settle: (answers: Answer[] | undefined) => void;
}

interface PendingAnswer {
  readonly id: string | undefined;
  readonly batch?: PendingBatch;
  /** Receives the answer to `offers`; undefined if the connection ends before. */
  readonly settle?: (answer: OffersAnswer | undefined) => void;
}

/** One attempt and the connection that it opened. */
class Connection {
  readonly #handlers: WireHandlers;
  readonly #address: string;
  readonly #socket: Socket;
  /** The beginning of an incomplete line. */
  #rest = '';
  /** The hub answers in order. The answer to a `duty` has no receiver. */
  readonly #expected: PendingAnswer[] = [];
  readonly #pings: PendingBatch['settle'][] = [];
  #isWelcome = false;
  #isOver = false;
  /** The hub's last message, if it was an error. */
  #error: WireError | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(address: { host: string; port: number }, handshake: Handshake, handlers: WireHandlers) {
    this.#handlers = handlers;
    this.#address = `${address.host}:${address.port}`;
    this.#socket = connect({
      ...address,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveMs,
    });
    this.#socket.setEncoding('utf8');
    this.#socket.on('data', (text) => this.#onText(String(text)));
    // A half-closed connection is useless: the hub will not answer any more.
    this.#socket.on('end', () => this.#down(this.#error));
    this.#socket.on('close', () => this.#down(this.#error));
    // Refused, reset, no such host: 'close' follows each.
    this.#socket.on('error', () => {});
    this.#deadline = setTimeout(() => this.#down(), limits.completeMs);
    this.#write({ event: 'hello', payload: handshake });
  }

  send(batch: readonly Command[]): Promise<Answer[] | undefined> {
    if (this.#isOver || !this.#isWelcome) return Promise.resolve(undefined);
    return new Promise((settle) => {
      const pending: PendingBatch = { size: batch.length, answers: [], settle };
      for (const { id } of batch) this.#expected.push({ id, batch: pending });
      if (batch.length > 0) this.#write(...batch);
      else {
        this.#pings.push(settle);
        this.#socket.write('PING.\n');
      }
      this.#deadline ??= setTimeout(() => this.#down(), silentMs);
    });
  }

  offers(from: string | undefined): Promise<Offers | undefined> {
    if (this.#isOver || !this.#isWelcome) return Promise.resolve(undefined);
    return new Promise((settle) => {
      this.#expected.push({ id: undefined, settle: (answer) => settle(answer?.ok ? answer : undefined) });
      this.#write({ event: 'offers', payload: from === undefined ? {} : { from } });
      this.#deadline ??= setTimeout(() => this.#down(), silentMs);
    });
  }

  duty(state: 'on' | 'off'): void {
    if (this.#isOver || !this.#isWelcome) return;
    this.#expected.push({ id: undefined });
    this.#write({ event: 'duty', payload: state });
  }

  /** Calls no handler. Safe to call twice. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#deadline);
    if (this.#socket.connecting) this.#socket.destroy();
    else this.#socket.destroySoon();
    setTimeout(() => this.#socket.destroy(), lingerMs).unref();
    for (const { batch, settle } of this.#expected) {
      batch?.settle(undefined);
      settle?.(undefined);
    }
    for (const settle of this.#pings) settle(undefined);
  }

  #down(error?: WireError): void {
    if (this.#isOver) return;
    this.close();
    this.#handlers.down(error);
  }

  #write(...messages: readonly object[]): void {
    this.#socket.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  }

  #onText(text: string): void {
    const lines = `${this.#rest}${text}`.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      // A handler may have closed the connection.
      if (!this.#isOver) this.#take(line);
    }
    if (this.#isOver) return;
    if (this.#rest.length > lineMax) this.#down();
    else if (this.#isWelcome) this.#awaitMore();
  }

  /** Anything from the hub restarts the deadline, however long an answer takes. */
  #awaitMore(): void {
    clearTimeout(this.#deadline);
    const isOwed = this.#expected.length + this.#pings.length > 0;
    this.#deadline = isOwed ? setTimeout(() => this.#down(), silentMs) : undefined;
  }

  #take(line: string): void {
    if (line === 'PONG.') {
      this.#pings.shift()?.([]);
      return;
    }
    const message = messageIn(line);
    if (!message) {
      this.#down(this.#isWelcome ? undefined : this.#noHub());
      return;
    }
    this.#error = message.event === 'error' ? wireErrorIn(message.payload) : undefined;
    // Records may arrive before the welcome: until the hello, the hub treats a connection as a plain client.
    if (message.event === 'welcome') this.#isWelcome = true;
    if (this.#isWelcome) this.#handle(message);
  }

  #handle({ event, id, payload }: Message): void {
    switch (event) {
      case 'welcome':
        this.#handlers.welcome(payload as Welcome);
        break;
      case 'parcels':
        this.#handlers.parcels(payload as Parcels);
        break;
      case 'events':
        this.#handlers.events(payload as Events);
        break;
      case 'presence':
        this.#handlers.presence(payload as Presence);
        break;
      case 'notice':
        this.#handlers.notice(payload as Notice[]);
        break;
      case 'health':
        this.#handlers.health(payload as Health);
        break;
      case 'answer':
        this.#onAnswer(id, payload);
        break;
      default:
        // Ignores messages of a later hub.
        break;
    }
  }

  #onAnswer(id: unknown, answer: unknown): void {
    const [next] = this.#expected;
    // Older hubs truncate a long id.
    if (!next || (id !== next.id && id !== next.id?.slice(0, limits.idLength))) {
      // Later answers could be mismatched, too.
      this.#down();
      return;
    }
    this.#expected.shift();
    const { batch, settle } = next;
    settle?.(answer as OffersAnswer);
    batch?.answers.push(answer as Answer);
    if (batch?.answers.length === batch?.size) batch?.settle(batch.answers);
  }

  #noHub(): WireError {
    const message = `What answers at ${this.#address} is not the TCP port of a hub.`;
    return { code: 'not-json', message, retryable: errorKinds['not-json'].retryable };
  }
}

interface Message {
  readonly event: string;
  readonly id?: unknown;
  readonly payload: unknown;
}

function messageIn(line: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return isObject(message) && typeof message['event'] === 'string' && 'payload' in message
      ? (message as unknown as Message)
      : undefined;
  } catch {
    // A SyntaxError: the other end is not a hub.
    return undefined;
  }
}

function wireErrorIn(payload: unknown): WireError | undefined {
  if (!isObject(payload)) return undefined;
  const { code } = payload;
  return typeof code === 'string' && code in errorKinds ? (payload as unknown as WireError) : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
