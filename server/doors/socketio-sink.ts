import type { Socket } from 'socket.io';
import type { ServerToClient } from '../../protocol/messages.ts';
import type { Sink } from '../feed.ts';
import { Encoded } from './socketio-stored-text.ts';
import { takenOn, unreadOn } from './socketio-unread.ts';

type Outgoing = { [K in keyof ServerToClient]: (message: Encoded) => void };

/** A subscription's way out. @param onWelcome runs once the client has been sent its `welcome`, which comes before all else */
export function sinkOf(
  socket: Pick<Socket<never, Outgoing>, 'emit' | 'join' | 'leave' | 'conn'>,
  onWelcome: () => void,
): Sink {
  return {
    send(message, json) {
      socket.emit(message, new Encoded(json));
      if (message === 'welcome') onWelcome();
    },
    join: (room) => void socket.join(room),
    leave: (room) => void socket.leave(room),
    get queued() {
      return unreadOn(socket).count;
    },
    get queuedSize() {
      return unreadOn(socket).size;
    },
    drained: () => takenOn(socket),
    // It comes back by itself, and goes on from its cursor.
    fail: () => void socket.conn.close(),
  };
}
