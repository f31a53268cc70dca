import type { Socket } from 'socket.io';
import type { ServerToClient } from '../../../protocol/messages.ts';
import type { Sink } from '../../hub/feed.ts';
import { Encoded } from './stored-text.ts';
import { takenOn, unreadOn } from './unread.ts';

interface Receiver extends Pick<Socket, 'conn' | 'join' | 'leave'> {
  emit(message: keyof ServerToClient, content: Encoded): unknown;
}

/** What a feed writes to one connection. There are thousands: its methods are made once for all of them. */
export class SocketSink implements Sink {
  readonly #socket: Receiver;
  readonly #onWelcome: () => void;

  /** @param onWelcome runs once the client has been sent its `welcome`, which comes before all else */
  constructor(socket: Receiver, onWelcome: () => void) {
    this.#socket = socket;
    this.#onWelcome = onWelcome;
  }

  send(message: keyof ServerToClient, json: string): void {
    this.#socket.emit(message, new Encoded(json));
    if (message === 'welcome') this.#onWelcome();
  }

  join(room: string): void {
    void this.#socket.join(room);
  }

  leave(room: string): void {
    void this.#socket.leave(room);
  }

  get queued(): number {
    return unreadOn(this.#socket).count;
  }

  get queuedSize(): number {
    return unreadOn(this.#socket).size;
  }

  drained(): Promise<void> {
    return takenOn(this.#socket);
  }

  fail(): void {
    // It comes back by itself, and goes on from its cursor.
    this.#socket.conn.close();
  }
}
