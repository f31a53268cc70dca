/**
 * A message of ours as Socket.IO packs it, made once for all who get it. It goes to each connection as the library's own
 * adapter sends what it broadcasts: with the WebSocket frame that it makes, so that no connection frames it again.
 */

import { PacketType } from 'socket.io-parser';
import type { Message } from '../../hub/message.ts';

export interface PacketText {
  readonly text: string;
  /** Engine.IO's own, which it completes. One in a WebSocket frame is taken where the connection is one. */
  readonly options: { compress: boolean; readonly wsPreEncodedFrame: readonly Buffer[] };
}

export function packetOf({ name, json }: Message): PacketText {
  const text = `${PacketType.EVENT}/caps,["${name}",${json}]`;
  return {
    text,
    options: { compress: false, wsPreEncodedFrame: [webSocketFrame(`${engineMessage}${text}`)] },
  };
}

/** Engine.IO's type of packet that carries everything. */
const engineMessage = '4';
/** A text, and all of it: the first byte of its frame. */
const wholeText = 0x81;

/** As in RFC 6455, section 5.2, from a server: without a mask. In one piece, it is one write to the network. */
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
