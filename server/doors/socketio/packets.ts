/**
 * Encodes our messages as Socket.IO packets, once for all receivers. Like the library's own broadcast, it passes the
 * WebSocket frame along, so that no connection frames the packet again.
 */

import { PacketType } from 'socket.io-parser';
import type { Message } from '../../hub/message.ts';

export interface PacketText {
  readonly text: string;
  /** Engine.IO completes these. A connection over WebSocket sends the frame as it is. */
  readonly options: { compress: boolean; readonly wsPreEncodedFrame: readonly Buffer[] };
}

export function packetOf({ name, json }: Message): PacketText {
  const text = `${PacketType.EVENT}/caps,["${name}",${json}]`;
  return {
    text,
    options: { compress: false, wsPreEncodedFrame: [webSocketFrame(`${engineMessage}${text}`)] },
  };
}

/** Engine.IO's packet type `message`. */
const engineMessage = '4';
/** First byte of a frame with a whole text. */
const wholeText = 0x81;

/** RFC 6455, section 5.2: a server's frame has no mask. One buffer is one write to the network. */
export function webSocketFrame(text: string): Buffer {
  const size = Buffer.byteLength(text);
  const head = size < 126 ? 2 : size < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + size);
  frame[0] = wholeText;
  if (head === 2) frame[1] = size;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(size, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(size), 2);
  }
  frame.write(text, head);
  return frame;
}
