/**
 * Guards everything that HTTP serves, Socket.IO included: limits connections per address, and applies the headers of
 * trusted proxies.
 */

import type { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { CapsError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';
import { addressOf, forwarded, senderOf } from './addresses.ts';
import { type ConnectionLimiter, tooManyConnections } from './connection-limiter.ts';
import { problemText, turnAway } from './odd-requests.ts';
import { type PlainHttpPolicy, refusalOfLater } from './plain-http.ts';

/** Grace period in which a rejected connection may read its 503. */
const lastWordMs = 1_000;
/** Rejected connections that may read it at a time; others are cut off. */
const toldMax = 100;

export interface ConnectionGuardOptions {
  readonly http: Server;
  readonly limiter: ConnectionLimiter;
  /** Number of trusted proxies. */
  readonly proxies: number;
  readonly clock: Clock;
  readonly onTooMany: (address: string) => void;
  /** Undefined where no TLS is spoken. */
  readonly plain?: PlainHttpPolicy | undefined;
}

/** Call it after all request listeners are attached, and before the port is opened. */
export function guardConnections(options: ConnectionGuardOptions): void {
  const { http, proxies, plain, clock } = options;
  const inTurn = takeTurns();
  const isTurnedAway = proxies === 0 ? countConnections(options) : undefined;
  for (const name of ['request', 'upgrade', 'connect', 'checkExpectation'] as const) {
    const serve = http.listeners(name);
    http.removeAllListeners(name);
    http.on(name, (request: IncomingMessage, answer: EventEmitter, ...more: unknown[]) => {
      inTurn(request.socket, answer, () => {
        // Either closes when the exchange is over.
        const mayEnter = isTurnedAway ? !isTurnedAway(request.socket) : believe(request, answer, options);
        const why = mayEnter ? refusalOfLater(request, plain) : refusal;
        if (why !== undefined) turnAway(request.socket, clock, why);
        else for (const listener of serve) listener.call(http, request, answer, ...more);
      });
    });
  }
}

/**
 * Serves a connection's requests one after the other. Otherwise a thousand pipelined requests would be answered at
 * once, and the answers would wait in memory.
 */
function takeTurns(): (connection: Socket, answer: EventEmitter, serve: () => void) => void {
  /** Queued requests per connection. */
  const waiting = new WeakMap<Socket, (() => void)[]>();
  // A function of its own: an upgrade lasts as long as its connection, and a closure would keep its request.
  const goOnAfter = (answer: EventEmitter, connection: Socket) => {
    answer.once('close', () => {
      // After `Connection: close` no answer can be read.
      const next = connection.writable ? waiting.get(connection)?.shift() : undefined;
      if (next) next();
      else waiting.delete(connection);
    });
  };
  return (connection, answer, serve) => {
    const start = () => {
      goOnAfter(answer, connection);
      serve();
    };
    const others = waiting.get(connection);
    if (others) {
      others.push(start);
      return;
    }
    waiting.set(connection, []);
    start();
  };
}

/** @returns whether this connection is one too many */
function countConnections({
  http,
  limiter,
  clock,
  onTooMany,
}: ConnectionGuardOptions): (socket: Socket) => boolean {
  const told = new Set<Socket>();
  http.on('connection', (socket: Socket) => {
    const address = addressOf(socket.remoteAddress);
    const leave = limiter.enter(address);
    if (leave) {
      socket.once('close', leave);
      return;
    }
    onTooMany(address);
    // A TLS handshake for a refusal is too expensive.
    if (http instanceof TlsServer || told.size >= toldMax) {
      socket.destroy();
      return;
    }
    told.add(socket);
    const cancel = clock.after(lastWordMs, () => socket.destroy());
    socket.once('close', () => {
      cancel();
      told.delete(socket);
    });
  });
  return (socket) => told.has(socket);
}

/**
 * Counts clients behind a proxy, not the proxy's own connections. Puts the original host and a known scheme where all
 * doors look for them.
 */
function believe(
  request: IncomingMessage,
  answer: EventEmitter,
  { limiter, proxies, onTooMany }: ConnectionGuardOptions,
): boolean {
  const host = forwarded(request, 'x-forwarded-host', proxies);
  if (host !== undefined) request.headers.host = host;
  const scheme = forwarded(request, 'x-forwarded-proto', proxies)?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') request.headers['x-forwarded-proto'] = scheme;
  else delete request.headers['x-forwarded-proto'];
  const address = senderOf(request, proxies);
  const leave = limiter.enter(address);
  if (leave) answer.once('close', leave);
  else onTooMany(address);
  return leave !== undefined;
}

const refusal = problemText(new CapsError('busy', tooManyConnections), ['retry-after: 1']);
