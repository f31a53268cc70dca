/**
 * Remembers each connection's address. The libraries keep a connection's first requests for as long as it lasts, and
 * with them headers, a closed connection and an unused transport: a third of the memory of an idle connection. This
 * lets go of them once the address is known.
 */

import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'socket.io';

type Connection = Pick<Socket['conn'], 'request'>;

export class Senders {
  readonly #addressOf: (request: IncomingMessage) => string;
  readonly #known = new WeakMap<Connection, string>();

  constructor(addressOf: (request: IncomingMessage) => string) {
    this.#addressOf = addressOf;
  }

  readonly of = (connection: Connection): string => {
    const known = this.#known.get(connection);
    if (known !== undefined) return known;
    const address = this.#addressOf(connection.request);
    this.#known.set(connection, address);
    return address;
  };

  /** Call it once the connection is served. Later joins need only their own handshake. */
  letGo({ conn, handshake }: Pick<Socket, 'conn' | 'handshake'>): void {
    this.of(conn);
    // Recommended in https://socket.io/docs/v4/performance-tuning/; the library's type does not allow it.
    Reflect.set(conn, 'request', null);
    Object.assign(handshake, { headers: {}, query: {}, auth: {}, url: '' });
  }
}

/** Call it after the headers are set: Engine.IO makes a response for each upgrade, which keeps the request alive. */
export function letGoOfUpgrade(response: object): void {
  if (!(response instanceof ServerResponse) && 'req' in response) response.req = undefined;
}
