import { io, type Socket } from 'socket.io-client';
import { errorKinds, type WireError } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type {
  Answer,
  ClientToServer,
  Command,
  Events,
  Handshake,
  Health,
  Notice,
  Offers,
  Parcels,
  Presence,
  ServerToClient,
  Welcome,
} from '../protocol/messages.ts';
import { TransportChoice, type TransportMemory, transportOf } from './transport-choice.ts';

/** A transport to a hub. It makes single attempts; the client decides when to retry. */
export interface Wire {
  /** Ends an open connection and begins one attempt. The handlers receive the outcome. */
  open(handshake: Handshake): void;
  /** Resolves with the hub's answers, or undefined if the connection ended before. */
  send(batch: Command[]): Promise<Answer[] | undefined>;
  /** Resolves with undefined if the connection ended before, or the hub refuses. */
  offers(from: string | undefined): Promise<Offers | undefined>;
  duty(state: 'on' | 'off'): void;
  /** Ends the connection without calling a handler. Safe to call twice. */
  close(): void;
}

export interface WireHandlers {
  welcome(welcome: Welcome): void;
  parcels(parcels: Parcels): void;
  events(events: Events): void;
  presence(presence: Presence): void;
  notice(notices: Notice[]): void;
  health(health: Health): void;
  /** The attempt failed or the connection ended. `error`: the hub's refusal, if it sent one. */
  down(error: WireError | undefined): void;
}

/** Makes a wire. */
export type Dial = (handlers: WireHandlers) => Wire;

/**
 * @param url the hub's origin, e.g. `http://192.168.1.5:3000`
 * @param memory shares among wires whether WebSocket works here
 */
export function socketIoWire(url: string, memory?: TransportMemory): Dial {
  return (handlers) => new SocketIoWire(url, handlers, new TransportChoice(memory));
}

type HubSocket = Socket<ServerToClient, ClientToServer>;

class SocketIoWire implements Wire {
  readonly #url: string;
  readonly #handlers: WireHandlers;
  readonly #choice: TransportChoice;
  #socket: HubSocket | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  /** Resolves requests without an answer when the connection ends. */
  readonly #unanswered = new Set<(nothing: undefined) => void>();

  constructor(url: string, handlers: WireHandlers, choice: TransportChoice) {
    this.#url = url;
    this.#handlers = handlers;
    this.#choice = choice;
  }

  open(handshake: Handshake): void {
    this.close();
    const { transports, openMaxMs, mayUpgrade } = this.#choice.next();
    const socket: HubSocket = io(`${this.#url}/caps`, {
      auth: handshake,
      transports,
      upgrade: mayUpgrade,
      tryAllTransports: true,
      reconnection: false,
      forceNew: true,
      timeout: openMaxMs,
    });
    this.#socket = socket;
    // Engine.IO may open and then receive nothing.
    this.#deadline = setTimeout(() => this.#timedOut(socket), openMaxMs + limits.completeMs);
    this.#listen(socket);
  }

  send(batch: Command[]): Promise<Answer[] | undefined> {
    const socket = this.#socket;
    if (!socket?.connected) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#unanswered.add(resolve);
      socket.emit('commands', batch, (reply) => {
        this.#unanswered.delete(resolve);
        const answers = answersIn(reply, batch.length);
        resolve(answers);
        // It is unclear which answer belongs to which command: the client resends them with their ids.
        if (!answers) this.#down(socket);
      });
    });
  }

  offers(from: string | undefined): Promise<Offers | undefined> {
    const socket = this.#socket;
    if (!socket?.connected) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#unanswered.add(resolve);
      socket.emit('offers', from === undefined ? {} : { from }, (answer) => {
        this.#unanswered.delete(resolve);
        resolve(answer.ok ? answer : undefined);
      });
    });
  }

  duty(state: 'on' | 'off'): void {
    this.#socket?.emit('duty', state);
  }

  close(): void {
    clearTimeout(this.#deadline);
    this.#socket?.off();
    this.#socket?.disconnect();
    this.#socket = undefined;
    for (const giveUp of this.#unanswered) giveUp(undefined);
    this.#unanswered.clear();
  }

  #listen(socket: HubSocket): void {
    socket.on('welcome', (welcome) => {
      clearTimeout(this.#deadline);
      const { engine } = socket.io;
      this.#choice.worked(transportOf(engine.transport.name));
      engine.once('upgrade', ({ name }) => this.#choice.worked(transportOf(name)));
      this.#handlers.welcome(welcome);
    });
    socket.on('parcels', this.#handlers.parcels);
    socket.on('events', this.#handlers.events);
    socket.on('presence', this.#handlers.presence);
    socket.on('notice', this.#handlers.notice);
    socket.on('health', this.#handlers.health);
    socket.on('connect_error', (error) => {
      if (error.message === 'timeout') this.#timedOut(socket);
      else this.#down(socket, wireErrorIn(error));
    });
    socket.on('disconnect', () => this.#down(socket));
    const { engine } = socket.io;
    // Engine.IO pauses polling for an upgrade and never resumes it: only missing pings would end the connection.
    engine.once('upgrading', () => engine.once('upgradeError', () => this.#upgradeBroke(socket)));
  }

  #upgradeBroke(socket: HubSocket): void {
    if (this.#socket === socket) this.#choice.upgradeBroke();
    this.#down(socket);
  }

  #timedOut(socket: HubSocket): void {
    if (this.#socket === socket) this.#choice.timedOut();
    this.#down(socket);
  }

  #down(socket: HubSocket, error?: WireError): void {
    if (this.#socket !== socket) return;
    this.close();
    this.#handlers.down(error);
  }
}

/** @returns one answer per command; undefined if the numbers differ */
function answersIn(reply: Answer | readonly Answer[], count: number): Answer[] | undefined {
  // A ping needs no answers.
  if (count === 0) return [];
  if (!isList(reply)) return Array.from({ length: count }, () => reply);
  return reply.length === count ? [...reply] : undefined;
}

function isList(reply: Answer | readonly Answer[]): reply is readonly Answer[] {
  return Array.isArray(reply);
}

/** Socket.IO carries the hub's error as `data`. */
function wireErrorIn(error: Error): WireError | undefined {
  const data: unknown = 'data' in error ? error.data : undefined;
  if (typeof data !== 'object' || data === null || !('code' in data)) return undefined;
  return typeof data.code === 'string' && data.code in errorKinds ? (data as WireError) : undefined;
}
