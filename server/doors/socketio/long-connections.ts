import type { Server, Socket } from 'socket.io';
import type { LongConnection } from '../../edge/drain.ts';

/** A part of a socket's `data`. */
export interface HandlingState {
  /** Whether the hub still handles something that it sent. */
  isBusy?: (() => boolean) | undefined;
}

type Connection = Pick<Socket['conn'], 'readyState' | 'close'>;
/** A connection's sockets, one per namespace. */
type Sockets = readonly { readonly data: HandlingState }[];

/** All open connections, each once, whatever the number of its namespaces. The oldest come first. */
export function longConnectionsOf(io: Pick<Server, '_nsps'>): LongConnection[] {
  const found = new Map<Connection, { data: HandlingState }[]>();
  for (const { sockets } of io._nsps.values()) {
    for (const socket of sockets.values()) {
      const others = found.get(socket.conn);
      if (others) others.push(socket);
      else found.set(socket.conn, [socket]);
    }
  }
  return [...found].flatMap(([connection, sockets]) =>
    connection.readyState === 'open' ? asLong(connection, sockets) : [],
  );
}

function asLong(connection: Connection, sockets: Sockets): LongConnection {
  return {
    get isBusy() {
      return sockets.some(({ data }) => data.isBusy?.());
    },
    // Clients of every version connect again after this, by times of their own. After `disconnectSockets()` they would
    // leave the namespace for good.
    sendAway: () => connection.close(),
  };
}
