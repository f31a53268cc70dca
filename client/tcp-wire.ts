/** The hub's TCP door, for Node: a line of JSON for every message. Nothing that a browser loads may import it. */

import { connect, type Socket } from 'node:net';
import { errorKinds, type WireError } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type {
  Answer,
  Command,
  Events,
  Handshake,
  Notice,
  Offers,
  OffersAnswer,
  Parcels,
  Presence,
  Welcome,
} from '../protocol/messages.ts';
import type { Dial, WireHandlers } from './socketio-wire.ts';

/** A page of the largest records is far below. In characters. */
const lineMax = 32 * 1024 * 1024;
/** A hub that owes an answer and has said nothing at all for so long is gone, though nobody has told us. */
const silentMs = 20_000;
/** For what is on its way when the connection is closed. */
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

/** Answers to one `send`, as far as they have come. */
interface Asked {
  readonly size: number;
  readonly answers: Answer[];
  readonly settle: (answers: Answer[] | undefined) => void;
}

interface Expected {
  readonly id: string | undefined;
  readonly asked?: Asked;
  /** Of an answer that is none to a command; undefined where none will come. */
  readonly took?: (answer: OffersAnswer | undefined) => void;
}

/** One attempt, and the connection that came of it. */
class Connection {
  readonly #handlers: WireHandlers;
  readonly #address: string;
  readonly #socket: Socket;
  /** The beginning of a line whose end has not come. */
  #rest = '';
  /** The hub answers in the order of the questions. Nobody waits for the answer to a `duty`. */
  readonly #expected: Expected[] = [];
  readonly #pings: Asked['settle'][] = [];
  #isWelcome = false;
  #isOver = false;
  /** The hub's last words, if they were an error. */
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
    this.#socket.on('data', (text) => this.#came(String(text)));
    // A hub that has said its last is of no use, whether or not it still listens.
    this.#socket.on('end', () => this.#down(this.#error));
    this.#socket.on('close', () => this.#down(this.#error));
    // Refused, reset, no such host: each is followed by 'close'.
    this.#socket.on('error', () => {});
    this.#deadline = setTimeout(() => this.#down(), limits.completeMs);
    this.#write({ event: 'hello', payload: handshake });
  }

  send(batch: readonly Command[]): Promise<Answer[] | undefined> {
    if (this.#isOver || !this.#isWelcome) return Promise.resolve(undefined);
    return new Promise((settle) => {
      const asked: Asked = { size: batch.length, answers: [], settle };
      for (const { id } of batch) this.#expected.push({ id, asked });
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
      this.#expected.push({ id: undefined, took: (answer) => settle(answer?.ok ? answer : undefined) });
      this.#write({ event: 'offers', payload: from === undefined ? {} : { from } });
      this.#deadline ??= setTimeout(() => this.#down(), silentMs);
    });
  }

  duty(state: 'on' | 'off'): void {
    if (this.#isOver || !this.#isWelcome) return;
    this.#expected.push({ id: undefined });
    this.#write({ event: 'duty', payload: state });
  }

  /** Without a word to the handlers. Safe to call twice. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#deadline);
    if (this.#socket.connecting) this.#socket.destroy();
    else this.#socket.destroySoon();
    setTimeout(() => this.#socket.destroy(), lingerMs).unref();
    for (const { asked, took } of this.#expected) {
      asked?.settle(undefined);
      took?.(undefined);
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

  #came(text: string): void {
    const lines = `${this.#rest}${text}`.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      // Whoever is told of a line may close the connection.
      if (!this.#isOver) this.#take(line);
    }
    if (this.#isOver) return;
    if (this.#rest.length > lineMax) this.#down();
    else if (this.#isWelcome) this.#awaitMore();
  }

  /** As long as the hub speaks it is there, however long an answer takes. */
  #awaitMore(): void {
    clearTimeout(this.#deadline);
    const isAsked = this.#expected.length + this.#pings.length > 0;
    this.#deadline = isAsked ? setTimeout(() => this.#down(), silentMs) : undefined;
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
    // Before the welcome there may be a record or two: to who says hello late, the hub speaks as to a plain client.
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
      case 'answer':
        this.#answered(id, payload);
        break;
      default:
        // What a later hub adds is for later clients.
        break;
    }
  }

  #answered(id: unknown, answer: unknown): void {
    const [next] = this.#expected;
    // Older hubs shorten an id that is too long for one.
    if (!next || (id !== next.id && id !== next.id?.slice(0, limits.idLength))) {
      // Nothing that follows could be trusted to be the answer to what it seems to answer.
      this.#down();
      return;
    }
    this.#expected.shift();
    const { asked, took } = next;
    took?.(answer as OffersAnswer);
    asked?.answers.push(answer as Answer);
    if (asked?.answers.length === asked?.size) asked?.settle(asked.answers);
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
    // No JSON: whoever is at the other end, it does not speak as a hub does.
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
