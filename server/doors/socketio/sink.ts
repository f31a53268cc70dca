import type { Socket } from 'socket.io';
import type { Sink } from '../../hub/feed.ts';
import type { Message } from '../../hub/message.ts';
import type { PacketText } from './packets.ts';
import { takenOn, unreadOn } from './unread.ts';

/** Writes one subscription to one connection. There are thousands, so it has methods instead of closures. */
export class SocketSink implements Sink {
  readonly #socket: Pick<Socket, 'conn'>;
  readonly #packetOf: (message: Message) => PacketText;
  readonly #onWelcome: () => void;

  /** @param packetOf memoized per message @param onWelcome called after `welcome`, which is the first message */
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
    // The client reconnects by itself and resumes from its cursor.
    this.#socket.conn.close();
  }
}
