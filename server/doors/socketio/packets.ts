/**
 * Encodes our messages as Socket.IO packets, once for all receivers, and as the WebSocket frames in which they leave.
 */

import { PacketType } from 'socket.io-parser';
import type { Message } from '../../hub/message.ts';

/**
 * A frame's bytes. A string has one character per byte: Node writes it to the network without a buffer of its own, which
 * is a third of what a write of 8 kB costs.
 */
export type WireFrame = string | Buffer;

export interface PacketText {
  readonly text: string;
  /** Engine.IO completes these. A connection over WebSocket sends the frame as it is, see bundles.ts. */
  readonly options: { compress: boolean; readonly wireFrame: WireFrame };
}

export function packetOf({ name, json }: Message): PacketText {
  const text = `${PacketType.EVENT}/caps,["${name}",${json}]`;
  return { text, options: { compress: false, wireFrame: webSocketFrame(`${engineMessage}${text}`) } };
}

/** The same content under several names, for clients whose spelling is unknown. */
export interface SpelledPackets {
  readonly packets: readonly string[];
  /** All of them as one piece, for a connection over WebSocket. */
  readonly whole: PacketText;
}

/** @param contentAs the content under this name */
export function spelledPackets(
  namespace: string,
  spellings: readonly string[],
  contentAs: (name: string) => unknown,
): SpelledPackets {
  const place = namespace === '/' ? '' : `${namespace},`;
  const jsonOf = jsonOnce();
  const packets = spellings.map(
    (name) => `${PacketType.EVENT}${place}[${JSON.stringify(name)},${jsonOf(contentAs(name))}]`,
  );
  const wireFrame = joinFrames(packets.map((text) => webSocketFrame(`${engineMessage}${text}`)));
  return { packets, whole: { text: packets.join(''), options: { compress: false, wireFrame } } };
}

/** The same object in a row is written once. */
function jsonOnce(): (content: unknown) => string {
  let last: unknown;
  let json: string | undefined;
  return (content) => {
    if (json === undefined || content !== last) json = JSON.stringify(content);
    last = content;
    return json;
  };
}

export function joinFrames(frames: readonly WireFrame[]): WireFrame {
  const [first = '', ...more] = frames;
  if (more.length === 0) return first;
  if (frames.every((frame) => typeof frame === 'string')) return frames.join('');
  return Buffer.concat(
    frames.map((frame) => (typeof frame === 'string' ? Buffer.from(frame, 'latin1') : frame)),
  );
}

/** Engine.IO's packet type `message`. */
const engineMessage = '4';
/** First byte of a frame with a whole text. */
const wholeText = 0x81;

/** RFC 6455, section 5.2: a server's frame has no mask. */
export function webSocketFrame(text: string): WireFrame {
  const size = Buffer.byteLength(text);
  const head = headOf(size);
  // All ASCII.
  if (size === text.length) return head + text;
  const frame = Buffer.allocUnsafe(head.length + size);
  frame.write(head, 'latin1');
  frame.write(text, head.length);
  return frame;
}

/** A character per byte. */
function headOf(size: number): string {
  if (size < 126) return String.fromCharCode(wholeText, size);
  if (size < 65_536) return String.fromCharCode(wholeText, 126, size >> 8, size & 0xff);
  const low = [24, 16, 8, 0].map((shift) => (size >>> shift) & 0xff);
  return String.fromCharCode(wholeText, 127, 0, 0, 0, 0, ...low);
}
