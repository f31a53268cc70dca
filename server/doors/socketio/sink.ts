import type { Socket } from 'socket.io';
import type { Sink } from '../../hub/feed.ts';
import type { Message } from '../../hub/message.ts';
import type { PacketText } from './packets.ts';
import { takenOn, unreadOn } from './unread.ts';

/** What a feed writes to one connection. There are thousands: its methods are made once for all of them. */
export class SocketSink implements Sink {
  readonly #socket: Pick<Socket, 'conn'>;
  readonly #packetOf: (message: Message) => PacketText;
  readonly #onWelcome: () => void;

  /**
   * @param packetOf the same for the same message
   * @param onWelcome runs once the client has been sent its `welcome`, which comes before all else
   */
  constructor(
    socket: Pick<Socket, 'conn'>,
    packetOf: (message: Message) => PacketText,
    onWelcome: () => void,
  ) {
    this.#socket = socket;
    this.#packetOf = packetOf;
    this.#onWelcome = onWelcome;
  }

  send(message: Message): void {
    const { text, options } = this.#packetOf(message);
    this.#socket.conn.write(text, options);
    if (message.name === 'welcome') this.#onWelcome();
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
