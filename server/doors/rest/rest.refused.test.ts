import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../../protocol/limits.ts';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';

let hub: RealHub;
const order = { store: 'red', orderID: '1', customer: 'Hulda Canary', address: '835 Meluk Pass' };

beforeAll(async () => {
  hub = await startRealHub();
  await send('/api/orders', order);
  await send('/api/orders', { ...order, store: 'blue' });
});
afterAll(() => hub.close());
afterEach(() => expect(hub.faults).toEqual([]));

function send(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(hub.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
  });
}

/** A problem document of this status, code and field, which says what is wrong and nothing of how the hub works. */
async function expectProblem(
  response: Response,
  status: number,
  code: string,
  field?: string,
): Promise<void> {
  const text = await response.text();
  expect(response.headers.get('content-type'), text).toMatch(/^application\/problem\+json/);
  const problem = JSON.parse(text);
  expect(problem).toMatchObject({ type: `/docs/errors/${code}`, status, code, retryable: false });
  expect(response.status).toBe(status);
  if (field !== undefined) expect(problem.details?.field, text).toBe(field);
  expect(problem.title).toMatch(/^[^\n]{5,100}$/);
  expect(problem.detail).toMatch(/^[^\n]{5,300}$/);
  expect(text).not.toMatch(/\.ts|node_modules|at \w+ \(|Canary/);
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
}

const bad = 'bad-message';
/** An order as text that begins with this. */
const said = (parts: string) => JSON.stringify(order).replace('{', `{${parts},`);

describe('[S1] what cannot be read is a problem document that names what is wrong:', () => {
  it.each<[path: string, status: number, code: string, field?: string]>([
    ['/api/events?limit=0', 400, bad, 'limit'],
    ['/api/events?limit=501', 400, bad, 'limit'],
    ['/api/events?limit=ten', 400, bad, 'limit'],
    ['/api/events?limit=', 400, bad, 'limit'],
    ['/api/events?limit=0x10', 400, bad, 'limit'],
    ['/api/events?limit=5&limit=6', 400, bad, 'limit'],
    ['/api/events?limit[]=5', 400, bad, 'limit[]'],
    ['/api/events?after=1&before=3', 400, bad, 'before'],
    ['/api/events?before=1&at=2026-11-20T18:03:11Z', 400, bad, 'at'],
    ['/api/events?at=yesterday', 400, bad, 'at'],
    ['/api/events?from=2026-11-20', 400, bad, 'from'],
    ['/api/events?to=2026-11-20T18:03:11', 400, bad, 'to'],
    ['/api/events?after=', 400, 'bad-cursor', 'after'],
    ['/api/events?after=x', 400, 'bad-cursor', 'after'],
    ['/api/events?after=-1', 400, 'bad-cursor', 'after'],
    ['/api/events?before=abcdef012345.3', 400, 'bad-cursor', 'before'],
    [`/api/events?after=${'9'.repeat(80)}`, 400, bad, 'after'],
    ['/api/events?event=explode', 400, bad, 'event'],
    ['/api/events?via=pigeon', 400, bad, 'via'],
    ['/api/events?store=', 400, bad, 'store'],
    ['/api/events?colour=red', 400, bad, 'colour'],
    [`/api/events?${'x'.repeat(5_000)}=1`, 400, bad],
    ['/api/events?as=hub', 400, bad, 'as'],
    ['/api/events?as=store:', 400, bad, 'as'],
    ['/api/events?as=store:%0A', 400, bad, 'as'],
    [`/api/events?as=driver:${'x'.repeat(200)}`, 400, bad, 'as'],
    [`/api/events?q=${'x'.repeat(2_000)}`, 400, bad, 'q'],
    ['/api/events?q=%E0%A4%A', 400, bad, 'q'],
    ['/api/events?%ff=1', 400, bad, 'query'],
    ['/api/events?__proto__[a]=1', 400, bad, '__proto__[a]'],
    ['/api/events?__proto__=1', 400, bad, '__proto__'],
    ['/api/orders?status=lost', 400, bad, 'status'],
    ['/api/orders?q=via:rest', 400, bad, 'q'],
    ['/api/events?q=hulda%20-is:late', 400, bad, 'q'],
    ['/api/events?q=is:open&format=csv', 400, bad, 'q'],
    ['/api/orders?cursor=%5B%22red%22%2C%221%22%5D', 400, 'bad-cursor', 'cursor'],
    ['/api/orders?cursor=1%20OR%201=1', 400, 'bad-cursor', 'cursor'],
    ['/api/orders/red/9', 404, 'unknown-parcel'],
    ['/api/orders/blue/1?as=store:red', 404, 'unknown-parcel'],
    ['/api/orders/red/%00', 400, bad, 'orderID'],
    ['/api/orders/%E0%A4%A/1', 400, bad, 'path'],
    ['/api/orders/red', 404, bad, 'path'],
    ['/api/', 404, bad, 'path'],
    ['/api/nothing/here?a=<script>alert(1)</script>', 404, bad, 'path'],
    ['/api/orders/red/1/claimed', 405, bad, 'method'],
    ['/pickup', 405, bad, 'method'],
    ['/api/connections?as=store:red', 403, 'not-allowed', 'as'],
    ['/api/connections?as=driver:ana', 403, 'not-allowed', 'as'],
  ])('GET %s', async (path, status, code, field) => {
    await expectProblem(await fetch(hub.url + path), status, code, field);
  });

  it.each<[path: string, code: string, field: string]>([
    ['/api/events?before=3', bad, 'before'],
    ['/api/events?limit=3', bad, 'limit'],
    ['/api/events?after=x', 'bad-cursor', 'after'],
    ['/api/events?as=hub', bad, 'as'],
  ])('a stream of %s', async (path, code, field) => {
    const response = await fetch(hub.url + path, { headers: { accept: 'text/event-stream' } });
    await expectProblem(response, 400, code, field);
  });

  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  const more = { 'content-type': 'application/json' };
  it.each<[name: string, body: unknown, status: number, code: string, field: string, headers?: object]>([
    ['no JSON', '{"store":', 400, 'not-json', 'body'],
    ['no JSON at all', 'store=red', 400, 'not-json', 'body'],
    ['spaces', '   ', 400, 'not-json', 'body'],
    ['text that is not UTF-8', Uint8Array.of(0x22, 0xff, 0xfe, 0x22), 400, 'not-json', 'body'],
    ['nothing', '', 400, bad, 'body'],
    ['null', null, 400, bad, 'body'],
    ['a list', [order], 400, bad, 'body'],
    ['a number', 7, 400, bad, 'body'],
    ['a text', '"red"', 400, bad, 'body'],
    ['no store', { ...order, store: undefined }, 400, bad, 'store'],
    ['an order id that is a number past what is exact', '{"orderID":9007199254740993}', 400, bad, 'orderID'],
    ['a part of its own past what is exact', said('"x":{"y":[9007199254740993]}'), 400, bad, 'x.y.0'],
    ['a number past all numbers', said('"x":1e400'), 400, bad, 'x'],
    ['a key twice', said('"x":1,"x":2'), 400, bad, 'x'],
    ['a customer twice', said('"customer":"Eve"'), 400, bad, 'customer'],
    ['an order id that is a fraction', { ...order, orderID: 1.5 }, 400, bad, 'orderID'],
    ['an order id that is a list', { ...order, orderID: ['7'] }, 400, bad, 'orderID'],
    ['a store that is null', { ...order, store: null }, 400, bad, 'store'],
    ['a customer that is empty', { ...order, customer: '' }, 400, bad, 'customer'],
    ['a key that is nearly ours', { ...order, orderID: undefined, orderId: '7' }, 400, bad, 'orderId'],
    ['another', { ...order, due_at: '2026-11-20T18:00:00Z' }, 400, bad, 'due_at'],
    ['no customer', { ...order, customer: undefined }, 400, bad, 'customer'],
    ['a due time that is none', { ...order, dueAt: 'soon' }, 400, bad, 'dueAt'],
    ['a text that is too long', { ...order, note: 'x'.repeat(1_025) }, 413, 'too-large', 'note'],
    ['half of a character', { ...order, note: '\ud83d' }, 400, bad, 'note'],
    [
      'JSON nested 5,000 deep',
      `{"store":"red","more":${nested(5_000)}}`,
      413,
      'too-large',
      'more.0.0.0.0.0.0',
    ],
    ['JSON nested 5,000 deep and nothing else', nested(5_000), 413, 'too-large', '0.0.0.0.0.0.0'],
    ['a body past the limit', 'x'.repeat(limits.commandBytes + 1), 413, 'too-large', 'body'],
    ['a body far past the limit', 'x'.repeat(5_000_000), 413, 'too-large', 'body'],
    ['__proto__ as a key', '{"store":"red","more":{"__proto__":{"a":1}}}', 400, bad, 'more'],
    [
      'a form',
      'store=red',
      415,
      bad,
      'content-type',
      { 'content-type': 'application/x-www-form-urlencoded' },
    ],
    ['plain text', '{}', 415, bad, 'content-type', { 'content-type': 'text/plain' }],
    ['UTF-16', '{}', 415, bad, 'content-type', { 'content-type': 'application/json; charset=utf-16' }],
    ['what is compressed', '{}', 415, bad, 'content-encoding', { ...more, 'content-encoding': 'gzip' }],
    ['a key that is too long', order, 400, bad, 'Idempotency-Key', { 'idempotency-key': 'x'.repeat(129) }],
    ['an empty key', order, 400, bad, 'Idempotency-Key', { 'idempotency-key': '' }],
  ])('POST /api/orders with %s', async (_, body, status, code, field, headers = {}) => {
    await expectProblem(
      await send('/api/orders', body, headers as Record<string, string>),
      status,
      code,
      field,
    );
  });

  it.each<[path: string, body: unknown, status: number, code: string, field?: string]>([
    ['/api/orders?urgent=1', order, 400, bad, 'urgent'],
    ['/api/orders?occurredAt=now', order, 400, bad, 'occurredAt'],
    ['/api/orders?as=store:blue', order, 403, 'not-allowed'],
    ['/api/orders?as=driver:ana', order, 403, 'not-allowed'],
    ['/api/orders', { ...order, customer: 'Ida' }, 409, 'conflict'],
    ['/pickup', { ...order, customer: 'Ida' }, 409, 'conflict'],
    ['/api/orders/red/1/explode', {}, 400, 'unknown-event'],
    ['/api/orders/red/1/__proto__', {}, 400, 'unknown-event'],
    ['/api/orders/red/1/pickup', {}, 400, bad, 'event'],
    ['/api/orders/red/9/cancelled', {}, 404, 'unknown-parcel'],
    ['/api/orders/blue/1/cancelled?as=store:red', {}, 404, 'unknown-parcel'],
    ['/api/orders/red/%0A/cancelled', {}, 400, bad, 'orderID'],
    ['/api/orders/red/1/claimed', {}, 403, 'not-allowed', 'as'],
    ['/api/orders/red/1/reassigned', { driver: 'ana' }, 403, 'not-allowed', 'as'],
    ['/api/orders/red/1/claimed?as=store:red', {}, 403, 'not-allowed'],
    ['/api/orders/red/1/attempt-failed?as=driver:ana', {}, 400, bad, 'reason'],
    ['/api/orders/red/1/attempt-failed?as=driver:ana', { reason: 'rain' }, 400, bad, 'reason'],
    ['/api/orders/red/1/delivered?as=driver:ana', { signature: 'x' }, 400, bad, 'signature'],
    ['/api/orders/red/1/delivered?as=driver:ana', { received_by: 'x' }, 400, bad, 'received_by'],
    ['/api/orders/red/1/note', { text: '' }, 400, bad, 'text'],
    ['/api/orders/red/1/delivered?as=driver:ana', [], 400, bad, 'body'],
    ['/api/orders/red/1/delivered?as=driver:ana', null, 400, bad, 'body'],
    ['/api/orders/red/1/claimed?as=admin', {}, 400, bad, 'driver'],
    ['/api/orders/red/1/delivered?as=admin', {}, 409, 'wrong-status'],
  ])('POST %s %j', async (path, body, status, code, field) => {
    await expectProblem(await send(path, body), status, code, field);
  });

  it('says of a driver’s event who has to send it', async () => {
    const response = await send('/api/orders/red/1/in-transit', {});
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('?as=driver:<driver>') });
  });

  it('says little of a path that is not there, however long it is', async () => {
    const response = await fetch(`${hub.url}/api/${'x'.repeat(5_000)}`);
    expect((await response.text()).length).toBeLessThan(500);
  });

  it('a body that ends early, or never', async () => {
    const socket = connect(hub.port, '127.0.0.1');
    const head = 'POST /api/orders HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
    socket.write(`${head}content-length: 100\r\n\r\n{"store"`);
    await new Promise((resolve) => socket.write(':', resolve));
    socket.destroy();
    const chunked = connect(hub.port, '127.0.0.1');
    chunked.write(`${head}transfer-encoding: chunked\r\n\r\n`);
    const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`;
    chunked.write(chunk.repeat(5));
    const [answer] = await once(chunked, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
    chunked.destroy();
    await expectProblem(await fetch(`${hub.url}/api/orders/red/9`), 404, 'unknown-parcel');
  });

  it.each(['NONSENSE\r\n\r\n', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`])(
    'bytes that are no request: %j',
    async (bytes) => {
      const socket = connect(hub.port, '127.0.0.1').on('error', () => {});
      let answer = '';
      socket.on('data', (data) => {
        answer += String(data);
      });
      socket.end(bytes);
      await new Promise((resolve) => socket.on('close', resolve));
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(answer).not.toMatch(/node_modules|\.ts/);
    },
  );
});

describe('methods', () => {
  it.each([
    ['/api/orders', 'GET, HEAD, OPTIONS, POST'],
    ['/api/orders/red/1', 'GET, HEAD, OPTIONS'],
    ['/api/orders/red/1/claimed', 'OPTIONS, POST'],
    ['/api/events', 'GET, HEAD, OPTIONS'],
    ['/api/connections', 'GET, HEAD, OPTIONS'],
    ['/pickup', 'OPTIONS, POST'],
    ['/api/keys', 'GET, HEAD, OPTIONS, POST'],
    ['/api/keys/x', 'DELETE, OPTIONS'],
    ['/api/devices', 'GET, HEAD, OPTIONS'],
    ['/api/devices/x/commands', 'OPTIONS, POST'],
    ['/api/hub', 'GET, HEAD, OPTIONS, POST'],
    ['/healthz', 'GET, HEAD, OPTIONS'],
    ['/openapi.json', 'GET, HEAD, OPTIONS'],
    ['/docs', 'GET, HEAD, OPTIONS'],
  ])('%s knows %s, and says so', async (path, allow) => {
    const all = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
    for (const method of all.filter((one) => !allow.includes(one))) {
      const response = await fetch(hub.url + path, { method });
      expect([response.status, response.headers.get('allow')], method).toEqual([405, allow]);
      if (method !== 'HEAD') await expectProblem(response, 405, bad, 'method');
    }
    const options = await fetch(hub.url + path, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow'), await options.text()]).toEqual([204, allow, '']);
    expect(options.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('HEAD is GET without a body, also of a stream', async () => {
    for (const [accept, type] of [
      ['application/json', 'application/json; charset=utf-8'],
      ['text/event-stream', 'text/event-stream; charset=utf-8'],
    ]) {
      const response = await fetch(`${hub.url}/api/events`, {
        method: 'HEAD',
        headers: { accept: accept ?? '' },
      });
      expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
    }
  });
});

it('[A3] answers no page of another origin, and under no other name', async () => {
  const status = (path: string, headers: Record<string, string>, method = 'GET') =>
    new Promise((resolve) => {
      request({ host: '127.0.0.1', port: hub.port, path, headers, method, agent: false }, (response) => {
        response.destroy();
        resolve(response.statusCode);
      }).end();
    });
  const accept = 'text/event-stream';
  for (const path of ['/api/events', '/api/orders']) {
    expect(await status(path, {})).toBe(200);
    expect(await status(path, { origin: hub.url })).toBe(200);
    expect(await status(path, { accept, origin: 'http://evil.example' })).toBe(403);
    expect(await status(path, { origin: 'null' })).toBe(403);
    expect(await status(path, { host: 'evil.example' })).toBe(403);
    expect(await status(path, { host: 'evil.example', origin: 'http://evil.example' })).toBe(403);
  }
  const origin = { origin: 'http://evil.example' };
  expect(await status('/api/orders/red/1/cancelled', origin, 'POST')).toBe(403);
  expect(await status('/pickup', origin, 'POST')).toBe(403);
  expect(await status('/pickup', origin, 'OPTIONS')).toBe(403);
});
