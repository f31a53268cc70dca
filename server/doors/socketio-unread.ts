import type { Socket } from 'socket.io';

type Connection = Pick<Socket, 'conn'>;

/**
 * What a connection has been sent and has not taken: Engine.IO keeps it in a private field, and ws's
 * `bufferedAmount` hides it. The size is in characters.
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
