/**
 * The TCP door: accepts connections for JSON objects that are delimited by newlines or by nothing. See connection.ts.
 */

import { createServer, type Socket } from 'node:net';
import { CapsError } from '../../../protocol/errors.ts';
import type { Clock } from '../../clock.ts';
import { addressOf } from '../../edge/addresses.ts';
import { type ConnectionLimiter, tooManyConnections } from '../../edge/connection-limiter.ts';
import type { LongConnection } from '../../edge/drain.ts';
import { backlog } from '../../edge/listening.ts';
import { madeOnce } from '../../hub/message.ts';
import { awayMs, TcpConnection, type TcpConnectionOptions } from './connection.ts';
import { errorLine } from './messages.ts';
import { awaitProxyHeader } from './proxy.ts';
import { EncodedMessage } from './sink.ts';

/** Time for the network to take the last lines when the hub stops. */
const hangUpMs = 100;
/** TCP keep-alive finds peers that vanished silently. */
const keepAliveMs = 60_000;

/** Time for a rejected client to read why. */
const lastWordMs = 1_000;

export interface TcpDoorOptions extends Omit<TcpConnectionOptions, 'encodedOf' | 'address'> {
  readonly limiter: ConnectionLimiter;
  /** Number of proxies; if there are any, each connection begins with a PROXY header. */
  readonly proxies: number;
  readonly onTooMany: (address: string) => void;
}

export interface TcpDoor {
  /** Resolves with the open port. @param host undefined: all interfaces */
  listen(port: number, host: string | undefined): Promise<number>;
  /** Open connections. */
  readonly connections: readonly LongConnection[];
  /** Stops accepting, and ends each connection when its lines are taken. Safe to call twice. */
  close(): Promise<void>;
}

export function createTcpDoor(options: TcpDoorOptions): TcpDoor {
  const { clock, presence, limiter, onTooMany } = options;
  const encodedOf = madeOnce((message) => new EncodedMessage(message));
  const connections = new Set<TcpConnection>();
  /** Connections whose PROXY header has not come yet. */
  const waiting = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.setKeepAlive(true, keepAliveMs);
    const own = addressOf(socket.remoteAddress);
    if (options.proxies === 0) {
      receive(socket, own);
      return;
    }
    waiting.add(socket);
    // 'close' follows.
    socket.on('error', () => {});
    awaitProxyHeader(socket, clock, (header) => {
      waiting.delete(socket);
      if (header && !socket.destroyed) return receive(socket, header.address ?? own);
      presence.notice('fault', 'tcp', 'A connection did not begin with a PROXY header.', { who: own });
      socket.destroy();
    });
  });

  function receive(socket: Socket, address: string): void {
    const leave = limiter.enter(address);
    if (!leave) {
      onTooMany(address);
      turnAway(socket, clock);
      return;
    }
    const connection = new TcpConnection(socket, { ...options, encodedOf, address });
    connections.add(connection);
    socket.once('close', () => {
      leave();
      connections.delete(connection);
    });
  }

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    const stopped = new Promise((resolve) => server.close(resolve));
    for (const socket of waiting) socket.destroy();
    const cancel = hangUp(connections, clock);
    await stopped;
    cancel();
  }
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port, host, backlog }, () => {
          server.off('error', reject);
          const address = server.address();
          resolve(typeof address === 'object' && address ? address.port : port);
        });
      }),
    get connections() {
      return [...connections].filter((connection) => !connection.isEnding);
    },
    close: () => {
      closing ??= server.listening ? close() : Promise.resolve();
      return closing;
    },
  };
}

/** Ends all connections, with time for the lines that wait. @returns what cancels the rest of it */
function hangUp(connections: ReadonlySet<TcpConnection>, clock: Clock): () => void {
  for (const connection of connections) connection.end(awayMs);
  let cancel = clock.after(awayMs, () => {
    for (const connection of connections) connection.hurry();
    cancel = clock.after(hangUpMs, () => {
      for (const connection of connections) connection.destroy();
    });
  });
  return () => cancel();
}

function turnAway(socket: Socket, clock: Clock): void {
  socket.on('error', () => {});
  socket.end(`${errorLine(new CapsError('busy', tooManyConnections))}\n`);
  // Unread data would reset the connection and lose the error.
  socket.resume();
  const cancel = clock.after(lastWordMs, () => socket.destroy());
  socket.once('close', cancel);
}
