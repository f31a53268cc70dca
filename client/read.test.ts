import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import type { ParcelLife } from '../protocol/rest.ts';
import { ask, askFile, type Reply } from './read.ts';

interface SentRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let answer: (response: ServerResponse) => void;
let asked: SentRequest[];
let baseUrl: string;
const server = createServer(async (request, response) => {
  const { method, url, headers } = request;
  let body = '';
  for await (const chunk of request) body += chunk;
  asked.push({ method, url, headers, body });
  answer(response);
});

beforeEach(async () => {
  asked = [];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  answer = (response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));
};
const order = { store: 'red', orderID: 'a/b 1' };
const life = { parcel: { status: 'ready' }, records: [] };
const readOrder = (signal?: AbortSignal) =>
  ask('GET /api/orders/:store/:orderID', { baseUrl, params: order, signal });

describe('an answer', () => {
  it('comes from the address that route, parameters and query make', async () => {
    json(200, life);
    const reply = await ask('GET /api/orders/:store/:orderID', {
      ...{ baseUrl, key: 'ven_x', params: order, query: { as: 'store:red' } },
    });
    expect(reply).toEqual({ kind: 'answer', answer: life });
    expect(asked).toMatchObject([
      { method: 'GET', url: '/api/orders/red/a%2Fb%201?as=store%3Ared', body: '' },
    ]);
    expect(asked[0]?.headers).toMatchObject({ accept: 'application/json', authorization: 'Bearer ven_x' });
  });

  it('is asked for without undefined parts', async () => {
    json(200, { items: [], next: null, asOf: 'e.0' });
    await ask('GET /api/orders', { baseUrl, query: { store: 'red', cursor: undefined } });
    await ask('GET /api/orders', { baseUrl });
    expect(asked.map(({ url }) => url)).toEqual(['/api/orders?store=red', '/api/orders']);
    expect(asked[0]?.headers).not.toHaveProperty('authorization');
  });

  it('may need a body, and may have none', async () => {
    json(201, { id: '1', role: 'admin', createdAt: '', key: 'adm_x' });
    const issued = await ask('POST /api/keys', { baseUrl, body: { role: 'admin', name: 'Zoë' } });
    expect(issued).toMatchObject({ kind: 'answer', answer: { key: 'adm_x' } });
    expect(asked[0]).toMatchObject({ method: 'POST', body: '{"role":"admin","name":"Zoë"}' });
    expect(asked[0]?.headers['content-type']).toBe('application/json');
    answer = (response) => void response.writeHead(204).end();
    const revoked = await ask('DELETE /api/keys/:id', { baseUrl, params: { id: '1' } });
    expect(revoked).toEqual({ kind: 'answer', answer: undefined });
  });

  it('may be a file', async () => {
    answer = (response) => void response.end('seq,event\n');
    const reply = await askFile('GET /api/events', { baseUrl, query: { format: 'csv' } });
    expect(reply.kind === 'answer' && (await reply.answer.text())).toBe('seq,event\n');
    expect(asked[0]?.headers['accept']).toBe('*/*');
  });

  it('has the type of its route, and a wrong question does not compile', () => {
    expectTypeOf(readOrder).returns.resolves.toEqualTypeOf<Reply<ParcelLife>>();
    expectTypeOf(ask<'DELETE /api/keys/:id'>).returns.resolves.toEqualTypeOf<Reply<undefined>>();
    const wrong = [
      // @ts-expect-error there is no such route
      () => ask('GET /api/order', {}),
      // @ts-expect-error which order?
      () => ask('GET /api/orders/:store/:orderID', { params: { store: 'red' } }),
      // @ts-expect-error there is no such status
      () => ask('GET /api/orders', { query: { status: 'lost' } }),
      // @ts-expect-error a page has no such part
      () => ask('GET /api/orders', { query: { page: '2' } }),
      // @ts-expect-error a driver's key is for a driver
      () => ask('POST /api/keys', { body: { role: 'driver', store: 'red' } }),
    ];
    expect(wrong).toHaveLength(5);
  });
});

describe('a refusal', () => {
  const problem = {
    ...{
      type: '/docs/errors/bad-message',
      title: 'This message has a part that is missing or wrong.',
      status: 400,
    },
    ...{ detail: 'phone: Is not a phone number', code: 'bad-message', retryable: false },
    details: { field: 'phone' },
  };

  it('has the fields of the hub’s problem document', async () => {
    json(400, problem, { 'content-type': 'application/problem+json' });
    expect(await readOrder()).toEqual({
      ...{ kind: 'refusal', status: 400, code: 'bad-message', message: 'phone: Is not a phone number' },
      ...{ details: { field: 'phone' }, retryAfterMs: undefined },
    });
  });

  it('says when to retry, by the document or by the header', async () => {
    const soon = { title: 'Too fast', detail: 'Wait.', code: 'too-fast' };
    json(429, { ...soon, details: { retryAfterMs: 250 } }, { 'retry-after': '1' });
    expect(await readOrder()).toMatchObject({ code: 'too-fast', retryAfterMs: 250 });
    json(429, soon, { 'retry-after': '2' });
    expect(await readOrder()).toMatchObject({ code: 'too-fast', retryAfterMs: 2_000 });
    json(429, soon, { 'retry-after': 'Mon, 30 Nov 2026 03:00:00 GMT' });
    expect(await readOrder()).toMatchObject({ kind: 'refusal', retryAfterMs: undefined });
  });

  it('keeps its sentence if all the rest is missing', async () => {
    json(409, { title: 'No.', code: 7, details: 'none' });
    expect(await readOrder()).toMatchObject({ status: 409, code: undefined, message: 'No.', details: {} });
  });

  it('with a 401 means the key', async () => {
    json(401, { title: 'This needs a valid access key.', detail: 'Not this one.', code: 'unauthorized' });
    expect(await readOrder()).toMatchObject({
      kind: 'refusal',
      status: 401,
      code: 'unauthorized',
    });
  });
});

describe('a reply that is not a hub’s', () => {
  it.each([
    ['a page where there should be JSON', 200, '<html>Sign in to this network</html>'],
    ['nothing at all', 200, ''],
    ['JSON that is no object', 200, 'null'],
    ['half of an answer, as if it were whole', 200, '{"items":['],
    ['a proxy’s page', 502, '<html>Bad Gateway</html>'],
    ['a proxy that wants a password of its own', 401, 'Unauthorized'],
    ['an error that says nothing', 500, '{"error":500}'],
  ])('%s is foreign, with its status %i', async (_, status, body) => {
    answer = (response) => void response.writeHead(status).end(body);
    expect(await readOrder()).toEqual({ kind: 'foreign', status });
  });

  it('is silence if the connection breaks before or within an answer or a refusal', async () => {
    answer = (response) => void response.destroy();
    expect(await readOrder()).toMatchObject({ kind: 'silence', cause: expect.any(TypeError) });
    for (const status of [200, 500]) {
      answer = (response) => {
        response.writeHead(status, { 'content-length': '100' }).write('{"items":[');
        setTimeout(() => response.destroy(), 20);
      };
      expect(await readOrder()).toMatchObject({ kind: 'silence' });
      const file = await askFile('GET /api/events', { baseUrl });
      expect(file.kind).toBe('silence');
    }
  });

  it('is silence if nothing listens on the port', async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    expect(await readOrder()).toMatchObject({ kind: 'silence' });
  });

  it('is silence after a timeout', async () => {
    answer = () => {};
    expect(await readOrder(AbortSignal.timeout(50))).toMatchObject({
      kind: 'silence',
      cause: expect.objectContaining({ name: 'TimeoutError' }),
    });
  });
});

it.each([
  ['before the answer', undefined],
  ['within it', '{"items":['],
])('who calls a request off %s hears of that, and of nothing else', async (_, begun) => {
  const calling = new AbortController();
  answer = (response) => {
    if (begun !== undefined) response.writeHead(200, { 'content-length': '100' }).write(begun);
    setTimeout(() => calling.abort(), 20);
  };
  await expect(readOrder(calling.signal)).rejects.toMatchObject({ name: 'AbortError' });
});
