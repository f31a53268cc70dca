/** A reader of `/caps` that looks only at the first characters of each message. */

import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Handshake } from '../../protocol/messages.ts';
import { SkippingParser, type Step } from './skipping-parser.ts';

/** Enough for the feed and its range. */
const headMax = 100;
const textFrame = 0x81;

export interface FrameReader {
  close(): void;
}

/**
 * Resolves with the hub's welcome.
 * @param onFrame called for each frame with its feed and range
 */
export function openFrameReader(
  url: string,
  auth: Handshake,
  onFrame: (feed: string, prev: number, upTo: number) => void,
): Promise<FrameReader> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  return new Promise((resolve, reject) => {
    const onHead = (head: string) => {
      if (head.startsWith('0')) send(socket, `40/caps,${JSON.stringify(auth)}`);
      else if (head === '2') send(socket, '3');
      else if (head.startsWith('44')) reject(new Error(head));
      else if (head.startsWith('42/caps,["welcome"')) resolve({ close: () => socket.destroy() });
      else {
        const range = /^42\/caps,\["events",\{"feed":"(\w+)","prev":(\d+),"upTo":(\d+)/.exec(head);
        if (range) onFrame(range[1] ?? '', Number(range[2]), Number(range[3]));
      }
    };
    let isUpgraded = false;
    const parser = new SkippingParser((data) => {
      if (isUpgraded) return frameStep(data, onHead);
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) return undefined;
      isUpgraded = true;
      return { used: end + 4, skip: 0 };
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the hub closed the connection')));
    socket.on('data', (chunk) => parser.push(chunk));
    socket.write(
      [
        'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
        `Host: ${hostname}:${port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        '\r\n',
      ].join('\r\n'),
    );
  });
}

function frameStep(data: Buffer, onHead: (head: string) => void): Step | undefined {
  const short = (data[1] ?? 0) & 0x7f;
  const used = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (data.length < used) return undefined;
  const length =
    short === 127 ? Number(data.readBigUInt64BE(2)) : short === 126 ? data.readUInt16BE(2) : short;
  const head = Math.min(length, headMax);
  if (data.length < used + head) return undefined;
  if (data[0] === textFrame) onHead(data.toString('latin1', used, used + head));
  return { used, skip: length };
}

/** Masked with zeros, which changes nothing. */
function send(socket: Socket, text: string): void {
  const body = Buffer.from(text);
  const length = body.length < 126 ? [0x80 | body.length] : [0xfe, body.length >> 8, body.length & 0xff];
  socket.write(Buffer.concat([Buffer.from([textFrame, ...length, 0, 0, 0, 0]), body]));
}
