import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { guardConnections } from './connection-guard.ts';
import { ConnectionLimiter } from './connection-limiter.ts';

let http: Server;
let served: { readonly url: string | undefined; readonly response: ServerResponse }[];

beforeEach(async () => {
  served = [];
  http = createServer();
  http.on('request', ({ url }: IncomingMessage, response: ServerResponse) => served.push({ url, response }));
  guardConnections({
    http,
    limiter: new ConnectionLimiter(10),
    proxies: 0,
    clock: systemClock,
    onTooMany() {},
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  http.closeAllConnections();
  http.close();
});

it.each([
  ['is served behind an answer', undefined, ['/1', '/2']],
  ['is not served behind an answer that is the connection’s last', 'close', ['/1']],
])('what was asked for meanwhile %s', async (_, connection, expected) => {
  const socket = connect((http.address() as AddressInfo).port, '127.0.0.1');
  for (const path of ['/1', '/2']) {
    const came = once(http, 'request');
    socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    await came;
  }
  expect(served.map(({ url }) => url)).toEqual(['/1']);
  const [first] = served;
  if (connection) first?.response.setHeader('connection', connection);
  first?.response.end('one');
  if (connection) await once(socket.resume(), 'close');
  else await vi.waitFor(() => expect(served).toHaveLength(2));
  expect(served.map(({ url }) => url)).toEqual(expected);
  socket.destroy();
});
