/**
 * One write per connection and turn. A commit's answers and the frames of the feeds come as packets of their own, and
 * to a plain client each record is one. Engine.IO writes each at once, and a write to a socket costs more than all else
 * that is done for a packet.
 */

import type { Socket as TcpSocket } from 'node:net';
import type { Socket } from 'socket.io';
import { atTurnEnd } from '../../clock.ts';
import { joinFrames, type WireFrame, webSocketFrame } from './packets.ts';

type Connection = Socket['conn'];
type Transport = Connection['transport'];

/** Engine.IO's codes of packets, https://github.com/socketio/engine.io-protocol#protocol. */
const codes = { open: '0', close: '1', ping: '2', pong: '3', message: '4', upgrade: '5', noop: '6' } as const;

interface EnginePacket {
  readonly type: keyof typeof codes;
  readonly data?: unknown;
  readonly options?: {
    readonly wireFrame?: WireFrame;
    /** In two pieces, from the library's own broadcasts. */
    readonly wsPreEncodedFrame?: readonly Buffer[];
  };
}

/** What Engine.IO's WebSocket transport keeps for itself, and `ws` for its sender. */
interface WebSocketTransport {
  writable: boolean;
  readonly socket: { readonly _sender: { readonly _socket: TcpSocket } };
  readonly _onSentLast: (error?: Error | null) => void;
  send(packets: readonly EnginePacket[]): void;
}

export class Bundles {
  readonly #onFault: (error: unknown, what: string) => void;
  /** Connections with packets of this turn. */
  readonly #waiting = new Set<Connection>();

  constructor(onFault: (error: unknown, what: string) => void) {
    this.#onFault = onFault;
  }

  /** From now on, what one turn sends to this connection leaves at the turn's end. */
  readonly gather = (connection: Connection): void => {
    Reflect.set(connection, 'flush', () => this.#later(connection));
    joinPackets(connection.transport);
    connection.on('upgrade', joinPackets);
  };

  #later(connection: Connection): void {
    if (connection.readyState !== 'open') {
      flushNow(connection);
      return;
    }
    if (this.#waiting.size === 0) atTurnEnd(() => this.#flush());
    this.#waiting.add(connection);
  }

  #flush(): void {
    const connections = [...this.#waiting];
    this.#waiting.clear();
    for (const connection of connections) {
      try {
        flushNow(connection);
      } catch (error) {
        // It must not cost the other connections their packets.
        this.#onFault(error, 'a connection could not be written to');
      }
    }
  }
}

function flushNow(connection: Connection): void {
  const { flush } = Object.getPrototypeOf(connection) as { flush(this: Connection): void };
  flush.call(connection);
}

/** Makes a WebSocket transport write its packets as one buffer. A polling transport puts them into one response anyway. */
function joinPackets(transport: Transport): void {
  if (transport.name === 'websocket') Reflect.set(transport, 'send', sendTogether);
}

function sendTogether(this: WebSocketTransport, packets: readonly EnginePacket[]): void {
  this.writable = false;
  const { _socket: socket } = this.socket._sender;
  const write = (frames: readonly WireFrame[]) => {
    const all = joinFrames(frames);
    if (typeof all === 'string') socket.write(all, 'latin1', this._onSentLast);
    else socket.write(all, this._onSentLast);
  };
  let frames: WireFrame[] = [];
  for (const packet of packets) {
    const frame = frameOf(packet);
    if (frame === undefined) {
      if (frames.length > 0) write(frames);
      frames = [];
      const { send } = Object.getPrototypeOf(this) as WebSocketTransport;
      send.call(this, [packet]);
    } else frames.push(frame);
  }
  if (frames.length > 0) write(frames);
}

/** Undefined for binary data, which the hub never sends. */
function frameOf({ type, data, options }: EnginePacket): WireFrame | undefined {
  if (options?.wireFrame !== undefined) return options.wireFrame;
  if (options?.wsPreEncodedFrame) return Buffer.concat(options.wsPreEncodedFrame);
  if (data !== undefined && typeof data !== 'string') return undefined;
  return webSocketFrame(`${codes[type]}${data ?? ''}`);
}
