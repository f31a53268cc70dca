import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { allowSlowBody, watchBodies } from './body-deadlines.ts';
import { answerOddRequests } from './odd-requests.ts';

let http: Server;
beforeEach(async () => {
  http = createServer();
  answerOddRequests(http, systemClock);
  watchBodies(http, systemClock, { completeMs: 150 });
  http.on('request', (request: IncomingMessage) => {
    if (request.method === 'PUT') allowSlowBody(request);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
});
afterEach(() => {
  http.closeAllConnections();
  http.close();
});

/** Sends a part of a body. @param meanwhile what Node does when it has the head */
function answerTo(method: string, meanwhile: (request: IncomingMessage) => void = () => {}): Promise<string> {
  const { port } = http.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  http.once('request', meanwhile);
  socket.write(`${method} / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nabc`);
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (data: string) => {
      text += data;
      if (text.includes('}')) resolve(text);
    });
  });
}

/** As Node does after `requestTimeout`, which is a minute. */
function giveUp(request: IncomingMessage): void {
  const error = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  http.emit('clientError', error, request.socket);
}

it.each<[what: string, method: string, meanwhile: typeof giveUp | undefined, words: string]>([
  ['a body', 'POST', undefined, 'A request was not complete within 10 s.'],
  ['an image that stops', 'PUT', undefined, 'No byte of the image came for 10 s.'],
  ['an image that comes too slowly', 'PUT', giveUp, 'The image was not complete within 60 s.'],
])('%s that does not come in time is told its own limit', async (_, method, meanwhile, words) => {
  const answer = await answerTo(method, meanwhile);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer).toContain(words);
});
