import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { webSocketFrame } from './packets.ts';

it('a text comes out of its WebSocket frame as it went in, however long it is', async () => {
  const texts = [0, 1, 125, 126, 65_535, 65_536, 300_000].map((length) => 'x'.repeat(length));
  texts.push('Zoë 😀', 'ë'.repeat(63), 'ë'.repeat(32_768));
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (_, { socket }: IncomingMessage) => {
    for (const text of texts) {
      const frame = webSocketFrame(text);
      if (typeof frame === 'string') socket.write(frame, 'latin1');
      else socket.write(frame);
    }
  });
  await once(server, 'listening');
  const address = server.address();
  const client = new WebSocket(`ws://127.0.0.1:${typeof address === 'string' ? address : address?.port}`);
  const heard: string[] = [];
  await new Promise<void>((resolve, reject) => {
    client.on('error', reject);
    client.on('message', (data) => {
      heard.push(String(data));
      if (heard.length === texts.length) resolve();
    });
  });
  expect(heard).toEqual(texts);
  client.terminate();
  server.close();
});
