import type { Socket } from 'socket.io';

type Connection = Pick<Socket, 'conn'>;

/**
 * What a connection has not taken yet, in characters. Engine.IO keeps it in a private field, and ws's
 * `bufferedAmount` does not show it.
 */
export function unreadOn({ conn }: Connection): { readonly count: number; readonly size: number } {
  const packets: readonly { data?: unknown }[] = conn['writeBuffer'];
  return {
    count: packets.length,
    get size() {
      return packets.reduce((size, { data }) => size + (typeof data === 'string' ? data.length : 0), 0);
    },
  };
}

/** Resolves when the network has taken everything, or the connection has ended. */
export function takenOn({ conn }: Connection): Promise<void> {
  if (unreadOn({ conn }).count === 0 || conn.readyState !== 'open') return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      conn.off('drain', done);
      conn.off('close', done);
      resolve();
    };
    conn.on('drain', done);
    conn.on('close', done);
  });
}
