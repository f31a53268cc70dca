/**
 * A minimal client of `/caps`, so that many of them cost less than the hub that they measure: it passes messages on as
 * text.
 */

import WebSocket from 'ws';
import type { Command, Handshake } from '../protocol/messages.ts';

const namespace = '/caps,';
/** First characters of Engine.IO and Socket.IO packets. */
const packets = { opened: '0', ping: '2', pong: '3', join: '40', event: '42', ack: '43', refused: '44' };

export interface ThinClient {
  /** Resolves with the answers as text. */
  commands(batch: readonly Command[]): Promise<string>;
  close(): void;
}

/**
 * Resolves with the hub's welcome.
 * @param onEvent receives the event's name and the text of each message after the welcome: `["events",{…}]`
 */
export function openThinClient(
  url: string,
  auth: Handshake,
  onEvent: (text: string) => void = () => {},
): Promise<ThinClient> {
  const address = `${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`;
  const socket = new WebSocket(address, { perMessageDeflate: false });
  const waiting = new Map<number, (text: string) => void>();
  let lastId = 0;
  let isWelcome = false;
  const client: ThinClient = {
    commands(batch) {
      lastId += 1;
      const id = lastId;
      socket.send(`${packets.event}${namespace}${id}${JSON.stringify(['commands', batch])}`);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    close: () => socket.close(),
  };
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`the hub closed the connection with ${code}`)));
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith(packets.opened)) socket.send(`${packets.join}${namespace}${JSON.stringify(auth)}`);
      else if (text === packets.ping) socket.send(packets.pong);
      else if (text.startsWith(packets.refused)) reject(new Error(text));
      else if (text.startsWith(packets.ack)) {
        const from = text.indexOf('[');
        const id = Number(text.slice(packets.ack.length + namespace.length, from));
        waiting.get(id)?.(text.slice(from));
        waiting.delete(id);
      } else if (text.startsWith(packets.event)) {
        if (isWelcome) onEvent(text.slice(packets.event.length + namespace.length));
        isWelcome = true;
        resolve(client);
      }
    });
  });
}
