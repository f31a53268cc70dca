import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { openClient } from '../../testkit/test-client.ts';

let hub: RealHub;
let tracking: string;
beforeAll(async () => {
  hub = await startRealHub();
  const order = { store: 'red', orderID: '1', customer: 'Hulda Canary', address: '835 Meluk Pass' };
  const placed = await ask(
    '/api/orders',
    { 'content-type': 'application/json' },
    'POST',
    JSON.stringify(order),
  );
  tracking = new URL((JSON.parse(placed.text) as { tracking: string }).tracking).pathname;
});
afterAll(async () => {
  await hub.close();
  expect(hub.faults).toEqual([]);
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Of a stream, nothing. */
  readonly text: string;
}

async function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: string,
): Promise<Answer> {
  const asking = request({ host: '127.0.0.1', port: hub.port, path, headers, method, agent: false });
  // An answer that is another protocol is one, too.
  const came = Promise.race([once(asking, 'response'), once(asking, 'upgrade')]);
  asking.end(body);
  const [response] = (await came) as [IncomingMessage];
  const isStream =
    response.headers['content-type']?.startsWith('text/event-stream') || response.statusCode === 101;
  const text = isStream ? '' : (await response.toArray()).join('');
  asking.destroy();
  return { status: response.statusCode, headers: response.headers, text };
}

const handshake = {
  ...{ connection: 'upgrade', upgrade: 'websocket' },
  ...{ 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' },
};
const stream = { accept: 'text/event-stream' };

/** Every way of asking for something, each with what it answers those who may ask. */
const ways: [
  what: string,
  path: () => string,
  status: number,
  headers?: Record<string, string>,
  method?: string,
][] = [
  ['codes to scan', () => '/qr.svg?url=http://127.0.0.1', 400],
  ['what the hub is', () => '/api/hub', 200],
  ['REST', () => '/api/orders', 200],
  ['an order', () => '/api/orders/red/1', 200],
  ['what REST refuses', () => '/api/orders/red/2', 404],
  ['an event', () => '/api/orders/red/1/note?as=store:red', 400, {}, 'POST'],
  ['a method that is none', () => '/api/orders', 405, {}, 'PUT'],
  ['the log live', () => '/api/events', 200, stream],
  ['who is connected, live', () => '/api/connections', 200, stream],
  ['a customer’s page, live', () => `${tracking}/live`, 200, stream],
  ['a customer’s page, live by WebSocket', () => `${tracking}/live`, 101, handshake],
  ['metrics', () => '/metrics', 200],
  ['Socket.IO by polling', () => '/socket.io/?EIO=4&transport=polling', 200],
  ['Socket.IO of version 2 by polling', () => '/socket.io/?EIO=3&transport=polling', 200],
  ['Socket.IO by WebSocket', () => '/socket.io/?EIO=4&transport=websocket', 101, handshake],
  ['what Socket.IO refuses', () => '/socket.io/?EIO=4&transport=pigeon', 400],
];

/** There is no data behind these, so everyone is answered. */
const open = [
  ...['/healthz', '/readyz', '/openapi.json', '/asyncapi.json', '/schemas', '/schemas/record.json'],
  ...['/icon.svg', '/log'],
  ...['/docs', '/docs/protocol', '/docs/search.json', '/docs/api', '/docs/swagger-ui.css'],
];

describe.each(open)('%s answers', (path) => {
  it.each([
    ['another origin', { origin: 'http://evil.example' }],
    ['another name', { host: 'evil.example' }],
    ['a name without dots', { host: 'caps:3000' }],
    ['a name that is none', { host: 'a b' }],
  ])('%s', async (_, headers) => {
    const { status, headers: said } = await ask(path, headers);
    expect(status).toBe(200);
    // What is public is still for no other page to read.
    expect(said['access-control-allow-origin']).toBeUndefined();
    expect(said['cross-origin-resource-policy']).toBe('same-origin');
    expect(said['content-security-policy']).toContain("frame-ancestors 'none'");
  });
});

describe.each(ways)('[A3] %s', (_, path, status, headers = {}, method = 'GET') => {
  it('is for programs, and for pages of its own', async () => {
    expect((await ask(path(), headers, method)).status).toBe(status);
    const own = { ...headers, origin: hub.url, host: new URL(hub.url).host };
    expect((await ask(path(), own, method)).status).toBe(status);
  });

  it.each([
    ['another origin', { origin: 'http://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', { origin: 'null' }],
    ['another name', { host: 'evil.example' }],
    ['another name, whose page it is', { host: 'evil.example', origin: 'http://evil.example' }],
    ['a name that begins like its own', { host: 'localhost.evil.example' }],
  ])('is not for %s', async (_who, evil) => {
    const { status: refused, headers: said, text } = await ask(path(), { ...headers, ...evil }, method);
    // Author WebSocket, Engine.IO knows but one refusal.
    expect(refused).toBe(path().includes('websocket') ? 400 : 403);
    expect(text).not.toMatch(/Canary|Meluk/);
    expect(said['access-control-allow-origin']).toBeUndefined();
  });

  it('answers with strict headers, whatever it answers', async () => {
    for (const evil of 'upgrade' in headers ? [{}] : [{}, { host: 'evil.example' }]) {
      const { headers: said } = await ask(path(), { ...headers, ...evil }, method);
      expect(said['content-security-policy']).toMatch(/^default-src 'none'/);
      expect(said['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(said['content-security-policy']).not.toMatch(/unsafe|\*|https?:|upgrade-insecure/);
      expect(said['x-content-type-options']).toBe('nosniff');
      expect(said['referrer-policy']).toBe('no-referrer');
      expect(said['cross-origin-resource-policy']).toBe('same-origin');
      expect(said['access-control-allow-origin']).toBeUndefined();
      expect(said['strict-transport-security']).toBeUndefined();
      expect(said['x-powered-by']).toBeUndefined();
    }
  });
});

it('[A3] a polling session is of no use to a page of another origin that knows its name', async () => {
  const shop = await openClient(hub.url, { role: 'vendor', store: 'red' }, { transports: ['polling'] });
  const path = '/socket.io/?EIO=4&transport=polling';
  const { sid } = JSON.parse((await ask(path)).text.slice(1)) as { sid: string };
  const origin = { origin: 'http://evil.example', 'content-type': 'text/plain' };
  const join = '40/caps,{"protocol":1,"role":"admin"}';
  for (const method of ['GET', 'POST', 'OPTIONS']) {
    const { status, headers } = await ask(
      `${path}&sid=${sid}`,
      origin,
      method,
      method === 'POST' ? join : undefined,
    );
    expect([method, status]).toEqual([method, 403]);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
  shop.close();
});

it('[A3] the TCP port answers no browser: see tcp.test.ts for all that one may send', async () => {
  await expect(
    fetch(`http://127.0.0.1:${hub.tcpPort}/`, { method: 'POST', body: '{"event":"pickup"}' }),
  ).rejects.toThrow();
});
