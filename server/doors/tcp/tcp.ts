/**
 * The TCP door: JSON objects one after the other, delimited by newlines or by nothing. What happens on one
 * connection is in connection.ts, and what it is told in sink.ts; here they come in.
 */

import { createServer, type Socket } from 'node:net';
import { CapsError } from '../../../protocol/errors.ts';
import { uuidv7 } from '../../../protocol/ids.ts';
import type { Clock } from '../../clock.ts';
import { addressOf } from '../../edge/addresses.ts';
import { type Crowd, crowdedWords } from '../../edge/connection-limiter.ts';
import { madeOnce } from '../../hub/message.ts';
import { TcpConnection, type TcpConnectionOptions } from './connection.ts';
import { errorLine } from './messages.ts';
import { awaitProxyHeader } from './proxy.ts';
import { Said } from './sink.ts';

/** For lines on their way to be taken when the hub stops. */
const hangUpMs = 500;
/** A peer that has vanished without a word is found by the system's own questions. */
const keepAliveMs = 60_000;

/** For the one too many to take what it is told. */
const lastWordMs = 1_000;

export interface TcpDoorOptions extends Omit<TcpConnectionOptions, 'saidOf' | 'address' | 'serverId'> {
  readonly crowd: Crowd;
  /** Where there are any, each connection says first whom it is for. */
  readonly proxies: number;
  readonly onCrowded: (address: string) => void;
}

export interface TcpDoor {
  /** Resolves with the port that was opened; rejects where it cannot be. @param host undefined: all interfaces */
  listen(port: number, host: string | undefined): Promise<number>;
  /** Stops accepting, and ends every connection once it has taken what is on its way. Safe to call twice. */
  close(): Promise<void>;
}

export function createTcpDoor(options: TcpDoorOptions): TcpDoor {
  const { clock, presence, crowd, onCrowded } = options;
  const saidOf = madeOnce((message) => new Said(message));
  const serverId = uuidv7(clock.now());
  const connections = new Set<TcpConnection>();
  /** Have not said yet whom they are for. */
  const waiting = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.setKeepAlive(true, keepAliveMs);
    const own = addressOf(socket.remoteAddress);
    if (options.proxies === 0) {
      receive(socket, own);
      return;
    }
    waiting.add(socket);
    // One that breaks is closed as well.
    socket.on('error', () => {});
    awaitProxyHeader(socket, clock, (header) => {
      waiting.delete(socket);
      if (header && !socket.destroyed) return receive(socket, header.address ?? own);
      presence.notice('fault', 'tcp', 'A connection did not begin with a PROXY header.', { who: own });
      socket.destroy();
    });
  });

  function receive(socket: Socket, address: string): void {
    const leave = crowd.enter(address);
    if (!leave) {
      onCrowded(address);
      turnAway(socket, clock);
      return;
    }
    const connection = new TcpConnection(socket, { ...options, saidOf, serverId, address });
    connections.add(connection);
    socket.once('close', () => {
      leave();
      connections.delete(connection);
    });
  }

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    const stopped = new Promise((resolve) => server.close(resolve));
    for (const connection of connections) connection.end();
    for (const socket of waiting) socket.destroy();
    const cancel = clock.after(hangUpMs, () => {
      for (const connection of connections) connection.destroy();
    });
    await stopped;
    cancel();
  }
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          const address = server.address();
          resolve(typeof address === 'object' && address ? address.port : port);
        });
      }),
    close: () => {
      closing ??= server.listening ? close() : Promise.resolve();
      return closing;
    },
  };
}

function turnAway(socket: Socket, clock: Clock): void {
  socket.on('error', () => {});
  socket.end(`${errorLine(new CapsError('busy', crowdedWords))}\n`);
  // What comes is thrown away, or what it is told would be lost with the connection.
  socket.resume();
  const cancel = clock.after(lastWordMs, () => socket.destroy());
  socket.once('close', cancel);
}
