/**
 * From where each connection comes. The libraries keep the requests that a connection began with for as long as it
 * lasts, and with them headers, a connection that is long closed and a transport that is not used any more: a third of
 * what an idle connection holds. Once it is served, nobody asks for more than this.
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

  /** It is served. Whatever it joins after that, what it says in joining is all that counts. */
  letGo({ conn, handshake }: Pick<Socket, 'conn' | 'handshake'>): void {
    this.of(conn);
    // As https://socket.io/docs/v4/performance-tuning/ has it; its type does not know.
    Reflect.set(conn, 'request', null);
    Object.assign(handshake, { headers: {}, query: {}, auth: {}, url: '' });
  }
}

/** To be called when its headers have been set: for an upgrade, Engine.IO makes up a response that keeps the request. */
export function letGoOfUpgrade(response: object): void {
  if (!(response instanceof ServerResponse) && 'req' in response) response.req = undefined;
}
