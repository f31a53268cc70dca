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
  return (handlers) => {
    let socket: Socket<ServerToClient, ClientToServer> | undefined;
    /** Ends the waiting of batches whose answer will not come any more. */
    const unanswered = new Set<(nothing: undefined) => void>();
    const choice = new TransportChoice(memory);
    let deadline: ReturnType<typeof setTimeout> | undefined;

    function close(): void {
      clearTimeout(deadline);
      socket?.off();
      socket?.disconnect();
      socket = undefined;
      for (const giveUp of unanswered) giveUp(undefined);
      unanswered.clear();
    }

    return {
      open(handshake) {
        close();
        const { transports, openMaxMs } = choice.next();
        const current: Socket<ServerToClient, ClientToServer> = io(`${url}/caps`, {
          auth: handshake,
          transports,
          tryAllTransports: true,
          reconnection: false,
          forceNew: true,
          timeout: openMaxMs,
        });
        const down = (error?: WireError) => {
          if (socket !== current) return;
          close();
          handlers.down(error);
        };
        socket = current;
        // Engine.IO may have opened, and nothing come after that.
        deadline = setTimeout(() => {
          choice.timedOut();
          down();
        }, openMaxMs + limits.completeMs);
        current.on('welcome', (welcome) => {
          clearTimeout(deadline);
          const { engine } = current.io;
          choice.worked(transportOf(engine.transport.name));
          engine.once('upgrade', ({ name }) => choice.worked(transportOf(name)));
          handlers.welcome(welcome);
        });
        current.on('parcels', handlers.parcels);
        current.on('events', handlers.events);
        current.on('presence', handlers.presence);
        current.on('notice', handlers.notice);
        current.on('connect_error', (error) => {
          if (error.message === 'timeout') choice.timedOut();
          down(wireErrorIn(error));
        });
        current.on('disconnect', () => down());
      },
      send(batch) {
        const current = socket;
        if (!current?.connected) return Promise.resolve(undefined);
        return new Promise((resolve) => {
          unanswered.add(resolve);
          current.emit('commands', batch, (answers) => {
            unanswered.delete(resolve);
            resolve(answers);
          });
        });
      },
      duty(state) {
        socket?.emit('duty', state);
      },
      close,
    };
  };
}

/** The hub's own words, which Socket.IO carries as `data`. */
function wireErrorIn(error: Error): WireError | undefined {
  const data: unknown = 'data' in error ? error.data : undefined;
  if (typeof data !== 'object' || data === null || !('code' in data)) return undefined;
  return typeof data.code === 'string' && data.code in errorKinds ? (data as WireError) : undefined;
}
