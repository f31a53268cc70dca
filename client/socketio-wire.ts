import { io, type Socket } from 'socket.io-client';
import { errorKinds, type WireError } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type {
  Answer,
  ClientToServer,
  Command,
  Events,
  Handshake,
  Notice,
  Offers,
  Parcels,
  Presence,
  ServerToClient,
  Welcome,
} from '../protocol/messages.ts';
import { TransportChoice, type TransportMemory, transportOf } from './transport-choice.ts';

/** One way to reach a hub. It makes single attempts; when to try again is the client's business. */
export interface Wire {
  /** Begins one attempt; ends a connection that is open. The outcome comes to the handlers. */
  open(handshake: Handshake): void;
  /** Resolves with the hub's answers, or undefined if the connection ended before they came. */
  send(batch: Command[]): Promise<Answer[] | undefined>;
  /** Resolves with undefined if the connection ended before, or the hub has none to give. */
  offers(from: string | undefined): Promise<Offers | undefined>;
  duty(state: 'on' | 'off'): void;
  /** Ends the connection without a word to the handlers. Safe to call twice. */
  close(): void;
}

export interface WireHandlers {
  welcome(welcome: Welcome): void;
  parcels(parcels: Parcels): void;
  events(events: Events): void;
  presence(presence: Presence): void;
  notice(notices: Notice[]): void;
  /** The attempt failed or the connection ended; with an error if the hub refused it in words. */
  down(error: WireError | undefined): void;
}

/** Gives the wire its handlers. */
export type Dial = (handlers: WireHandlers) => Wire;

/**
 * @param url of the hub, e.g. `http://192.168.1.5:3000`
 * @param memory without it each wire finds out for itself whether WebSocket gets through
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
  /** Ends the waiting of batches whose answer will not come any more. */
  readonly #unanswered = new Set<(nothing: undefined) => void>();

  constructor(url: string, handlers: WireHandlers, choice: TransportChoice) {
    this.#url = url;
    this.#handlers = handlers;
    this.#choice = choice;
  }

  open(handshake: Handshake): void {
    this.close();
    const { transports, openMaxMs } = this.#choice.next();
    const socket: HubSocket = io(`${this.#url}/caps`, {
      auth: handshake,
      transports,
      tryAllTransports: true,
      reconnection: false,
      forceNew: true,
      timeout: openMaxMs,
    });
    this.#socket = socket;
    // Engine.IO may have opened, and nothing come after that.
    this.#deadline = setTimeout(() => this.#timedOut(socket), openMaxMs + limits.completeMs);
    this.#listen(socket);
  }

  send(batch: Command[]): Promise<Answer[] | undefined> {
    const socket = this.#socket;
    if (!socket?.connected) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#unanswered.add(resolve);
      socket.emit('commands', batch, (said) => {
        this.#unanswered.delete(resolve);
        const answers = answersIn(said, batch.length);
        resolve(answers);
        // Which answer belongs to which command is not known: they are sent again, with their ids.
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
    socket.on('connect_error', (error) => {
      if (error.message === 'timeout') this.#timedOut(socket);
      else this.#down(socket, wireErrorIn(error));
    });
    socket.on('disconnect', () => this.#down(socket));
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

/** One for each command; undefined where they do not fit together. */
function answersIn(said: Answer | readonly Answer[], count: number): Answer[] | undefined {
  // The round trip is all that was asked for.
  if (count === 0) return [];
  if (!isList(said)) return Array.from({ length: count }, () => said);
  return said.length === count ? [...said] : undefined;
}

function isList(said: Answer | readonly Answer[]): said is readonly Answer[] {
  return Array.isArray(said);
}

/** The hub's own words, which Socket.IO carries as `data`. */
function wireErrorIn(error: Error): WireError | undefined {
  const data: unknown = 'data' in error ? error.data : undefined;
  if (typeof data !== 'object' || data === null || !('code' in data)) return undefined;
  return typeof data.code === 'string' && data.code in errorKinds ? (data as WireError) : undefined;
}
