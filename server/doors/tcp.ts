/**
 * The TCP door: JSON objects one after the other, delimited by newlines or by nothing. What happens on one
 * connection is in tcp-connection.ts; here they come in, and hear together what all of a room hear.
 */

import { createServer } from 'node:net';
import type { Outlet } from '../feed.ts';
import { TcpConnection, type TcpConnectionOptions } from './tcp-connection.ts';
import { lineOf, plainLines } from './tcp-messages.ts';

/** For lines on their way to be taken when the hub stops. */
const hangUpMs = 500;
/** A peer that has vanished without a word is found by the system's own questions. */
const keepAliveMs = 60_000;

export type TcpDoorOptions = Omit<TcpConnectionOptions, 'rooms'>;

export interface TcpDoor {
  /** Resolves with the port that was opened; rejects where it cannot be. @param host undefined: all interfaces */
  listen(port: number, host: string | undefined): Promise<number>;
  /** Stops accepting, and ends every connection once it has taken what is on its way. Safe to call twice. */
  close(): Promise<void>;
}

export function createTcpDoor(options: TcpDoorOptions): TcpDoor {
  const { hub, clock } = options;
  const rooms = new Rooms();
  const connections = new Set<TcpConnection>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.setKeepAlive(true, keepAliveMs);
    const connection = new TcpConnection(socket, { ...options, rooms });
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  hub.attach(rooms);

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    const stopped = new Promise((resolve) => server.close(resolve));
    for (const connection of connections) connection.end();
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

/** Who hears what together. Each line is put together once for all of a room. */
class Rooms implements Outlet {
  readonly #members = new Map<string, Set<TcpConnection>>();

  join(room: string, connection: TcpConnection): void {
    const members = this.#members.get(room);
    if (members) members.add(connection);
    else this.#members.set(room, new Set([connection]));
  }

  leave(room: string, connection: TcpConnection): void {
    const members = this.#members.get(room);
    members?.delete(connection);
    if (members?.size === 0) this.#members.delete(room);
  }

  readonly broadcast: Outlet['broadcast'] = (room, message, json) => {
    const members = this.#members.get(room);
    if (!members) return;
    const bound = lineOf(message, json);
    let plain: readonly string[] | undefined;
    for (const member of members) {
      if (!member.isPlain) member.write(bound);
      else if (message === 'events') {
        plain ??= plainLines(json);
        for (const line of plain) member.write(line);
      }
    }
  };
}
