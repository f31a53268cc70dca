/**
 * What stands in front of everything that HTTP serves, pages and Socket.IO alike: the limit of connections per
 * address, and what a proxy says of whom it speaks for.
 */

import type { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { CapsError } from '../../protocol/errors.ts';
import type { Clock } from '../clock.ts';
import { addressOf, forwarded, senderOf } from './addresses.ts';
import { type Crowd, crowdedWords } from './connection-limiter.ts';
import { problemText, turnAway } from './odd-requests.ts';

/** For the one too many to say what it wants, and to read that it may not. */
const lastWordMs = 1_000;
/** So many may be told at a time; the others are cut off without a word. */
const toldMax = 100;

export interface FrontOptions {
  readonly http: Server;
  readonly crowd: Crowd;
  /** In front of the hub and to be believed. */
  readonly proxies: number;
  readonly clock: Clock;
  readonly onCrowded: (address: string) => void;
}

/** To be called when all that serves requests has been attached, and before the port is opened. */
export function standInFront(options: FrontOptions): void {
  const { http, proxies } = options;
  const inTurn = takeTurns();
  const isTurnedAway = proxies === 0 ? countConnections(options) : undefined;
  for (const name of ['request', 'upgrade', 'connect', 'checkExpectation'] as const) {
    const serve = http.listeners(name);
    http.removeAllListeners(name);
    http.on(name, (request: IncomingMessage, answer: EventEmitter, ...more: unknown[]) => {
      inTurn(request.socket, answer, () => {
        // A response, or the connection itself: both are closed when it is over.
        const mayEnter = isTurnedAway ? !isTurnedAway(request.socket) : believe(request, answer, options);
        if (mayEnter) for (const listener of serve) listener.call(http, request, answer, ...more);
        else turnAway(request.socket, options.clock, refusal);
      });
    });
  }
}

/**
 * Serves what was asked over one connection one after the other. Otherwise a thousand requests that came in one packet
 * would all be answered at once, and the answers wait in memory behind the first.
 */
function takeTurns(): (connection: Socket, answer: EventEmitter, serve: () => void) => void {
  /** Of the connections that are being served: what comes next. */
  const waiting = new WeakMap<Socket, (() => void)[]>();
  // Apart from what is served: an upgrade is answered for as long as its connection lasts, and would keep its request.
  const goOnAfter = (answer: EventEmitter, connection: Socket) => {
    answer.once('close', () => {
      // Behind an answer that says `Connection: close` nothing is done: nobody would be told of it.
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
function countConnections({ http, crowd, clock, onCrowded }: FrontOptions): (socket: Socket) => boolean {
  const told = new Set<Socket>();
  http.on('connection', (socket: Socket) => {
    const address = addressOf(socket.remoteAddress);
    const leave = crowd.enter(address);
    if (leave) {
      socket.once('close', leave);
      return;
    }
    onCrowded(address);
    // A TLS handshake is more than a word.
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
 * A proxy's connections are its own affair: what is counted is what somebody behind it keeps open. All doors find the
 * host where they look for it, and the scheme, where it is one that the hub can be asked by.
 */
function believe(
  request: IncomingMessage,
  answer: EventEmitter,
  { crowd, proxies, onCrowded }: FrontOptions,
): boolean {
  const host = forwarded(request, 'x-forwarded-host', proxies);
  if (host !== undefined) request.headers.host = host;
  const scheme = forwarded(request, 'x-forwarded-proto', proxies)?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') request.headers['x-forwarded-proto'] = scheme;
  else delete request.headers['x-forwarded-proto'];
  const address = senderOf(request, proxies);
  const leave = crowd.enter(address);
  if (leave) answer.once('close', leave);
  else onCrowded(address);
  return leave !== undefined;
}

const refusal = problemText(new CapsError('busy', crowdedWords), ['retry-after: 1']);
