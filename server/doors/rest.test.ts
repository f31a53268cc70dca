import { request } from 'node:http';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, CapsRecord } from '../../protocol/messages.ts';
import { orderOf, type RealHub, startRealHub, stepOf } from './visitors.contract.ts';

let hub: RealHub;

beforeAll(async () => {
  hub = await startRealHub();
  await send({ role: 'vendor', store: 'red' }, orderOf('red', '1'), orderOf('red', '2', { customer: 'Ida' }));
  await send({ role: 'vendor', store: 'blue' }, orderOf('blue', '1', { customer: 'Canary' }));
  await send(
    { role: 'driver', driver: 'ana' },
    ...['in-transit', 'delivered'].map((step) => stepOf(step, 'red', '1')),
  );
});
afterAll(() => hub.close());
afterEach(() => expect(hub.faults).toEqual([]));

async function send(who: object, ...commands: object[]): Promise<void> {
  const socket = io(`${hub.url}/caps`, {
    auth: { protocol: 1, ...who },
    transports: ['websocket'],
    forceNew: true,
  });
  const answers: Answer[] = await socket.emitWithAck('commands', commands);
  expect(answers.every(({ ok }) => ok)).toBe(true);
  socket.close();
}

interface Page {
  items: CapsRecord[];
  next: string;
  prev: string | null;
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(hub.url + path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  return (await response.json()) as T;
}
const seqs = ({ items }: Page): number[] => items.map(({ seq }) => seq);

describe('/api/events', () => {
  it('reads the newest page, back to the beginning and forwards to the end', async () => {
    const newest = await get<Page>('/api/events?limit=2');
    expect(seqs(newest)).toEqual([4, 5]);
    const older = await get<Page>(`/api/events?limit=2&before=${newest.prev}`);
    expect(seqs(older)).toEqual([2, 3]);
    const oldest = await get<Page>(`/api/events?limit=2&before=${older.prev}`);
    expect([seqs(oldest), oldest.prev]).toEqual([[1], null]);
    expect(seqs(await get<Page>(`/api/events?after=${oldest.next}`))).toEqual([2, 3, 4, 5]);
    expect(seqs(await get<Page>('/api/events?after=0&limit=500'))).toEqual([1, 2, 3, 4, 5]);
  });

  it('searches', async () => {
    expect(seqs(await get<Page>('/api/events?q=event:pickup%20-store:blue'))).toEqual([1, 2]);
    expect(seqs(await get<Page>('/api/events?q=driver:ana'))).toEqual([4, 5]);
    expect(seqs(await get<Page>('/api/events?q=ida'))).toEqual([2]);
  });

  it('[A1] as a store or a driver it shows what they may see', async () => {
    const red = await get<Page>('/api/events?as=store:red');
    expect(seqs(red)).toEqual([1, 2, 3, 4]);
    expect(JSON.stringify(red)).not.toMatch(/blue|Canary/);
    expect(seqs(await get<Page>('/api/events?as=driver:ana'))).toEqual([4, 5]);
    expect(seqs(await get<Page>('/api/events?as=store:green'))).toEqual([]);
  });
});

describe('/api/orders', () => {
  const names = ({ items }: { items: { payload: { store: string; orderID: string } }[] }): string[] =>
    items.map(({ payload }) => `${payload.store}/${payload.orderID}`);

  it('lists by status, store and driver, page by page', async () => {
    expect(names(await get('/api/orders'))).toEqual(['blue/1', 'red/2', 'red/1']);
    expect(names(await get('/api/orders?status=delivered'))).toEqual(['red/1']);
    expect(names(await get('/api/orders?store=red'))).toEqual(['red/2', 'red/1']);
    expect(names(await get('/api/orders?driver=ana'))).toEqual(['red/1']);
    const first = await get<{ items: []; next: string }>('/api/orders?limit=2');
    const second = await get<{ items: []; next: null }>(`/api/orders?limit=2&cursor=${first.next}`);
    expect([...names(first), ...names(second)]).toEqual(['blue/1', 'red/2', 'red/1']);
    expect(second.next).toBeNull();
  });

  it('[A1] shows a store its own alone', async () => {
    expect(names(await get('/api/orders?as=store:red&store=blue'))).toEqual(['red/2', 'red/1']);
  });

  it('tells one order’s life', async () => {
    const life = await get<{ parcel: object; records: CapsRecord[] }>('/api/orders/red/1?as=store:red');
    expect(life.parcel).toMatchObject({ status: 'delivered', holder: { id: 'ana' }, rev: 3 });
    expect(life.records.map(({ seq, event }) => [seq, event])).toEqual([
      [1, 'pickup'],
      [3, 'in-transit'],
      [4, 'delivered'],
    ]);
  });
});

describe('[S1] what cannot be read is a problem document that names what is wrong:', () => {
  it.each<[string, number, string]>([
    ['/api/events?limit=0', 400, 'bad-message'],
    ['/api/events?limit=501', 400, 'bad-message'],
    ['/api/events?limit=ten', 400, 'bad-message'],
    ['/api/events?limit=5&limit=6', 400, 'bad-message'],
    ['/api/events?after=1&before=3', 400, 'bad-message'],
    ['/api/events?after=', 400, 'bad-cursor'],
    ['/api/events?after=x', 400, 'bad-cursor'],
    ['/api/events?after=-1', 400, 'bad-cursor'],
    ['/api/events?before=abcdef012345.3', 400, 'bad-cursor'],
    [`/api/events?after=${'9'.repeat(80)}`, 400, 'bad-message'],
    ['/api/events?colour=red', 400, 'bad-message'],
    ['/api/events?as=hub', 400, 'bad-message'],
    ['/api/events?as=store:', 400, 'bad-message'],
    ['/api/events?as=store:%0A', 400, 'bad-message'],
    [`/api/events?as=driver:${'x'.repeat(200)}`, 400, 'bad-message'],
    [`/api/events?q=${'x'.repeat(2_000)}`, 400, 'bad-message'],
    ['/api/events?__proto__[a]=1', 400, 'bad-message'],
    ['/api/orders?status=lost', 400, 'bad-message'],
    ['/api/orders?cursor=%5B%22red%22%2C%221%22%5D', 400, 'bad-cursor'],
    ['/api/orders?cursor=1%20OR%201=1', 400, 'bad-cursor'],
    ['/api/orders/red/9', 404, 'unknown-parcel'],
    ['/api/orders/blue/1?as=store:red', 404, 'unknown-parcel'],
    ['/api/orders/red/%00', 404, 'unknown-parcel'],
    ['/api/orders/%E0%A4%A/1', 400, 'bad-message'],
    ['/api/orders/red', 404, 'bad-message'],
    ['/api/', 404, 'bad-message'],
    ['/api/nothing/here?a=<script>alert(1)</script>', 404, 'bad-message'],
  ])('GET %s', async (path, status, code) => {
    const response = await fetch(hub.url + path);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ type: 'about:blank', status, code, retryable: false });
    expect(text).not.toMatch(/\.ts|node_modules|at \w+ \(|Canary/);
  });

  it('says little of a path that is not there, however long it is', async () => {
    const response = await fetch(`${hub.url}/api/${'x'.repeat(5_000)}`);
    expect((await response.text()).length).toBeLessThan(400);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s, which nothing answers to yet', async (method) => {
    const response = await fetch(`${hub.url}/api/events`, { method, body: '{"a":'.repeat(5_000) });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'bad-message' });
  });

  it.each([
    'GET /api/events HTTP/1.1\r\n\r\n',
    'NONSENSE\r\n\r\n',
    `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
  ])('bytes that are no request: %j', async (bytes) => {
    const { connect } = await import('node:net');
    const socket = connect(hub.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => {
      answer += String(data);
    });
    socket.end(bytes);
    await new Promise((resolve) => socket.on('close', resolve));
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).not.toMatch(/node_modules|\.ts/);
  });
});

it('[A3] answers no page of another origin, and under no other name', async () => {
  const status = (headers: Record<string, string>) =>
    new Promise((resolve) => {
      const { port } = hub;
      request({ host: '127.0.0.1', port, path: '/api/events', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
  expect(await status({})).toBe(200);
  expect(await status({ origin: hub.url })).toBe(200);
  expect(await status({ origin: 'http://evil.example' })).toBe(403);
  expect(await status({ origin: 'null' })).toBe(403);
  expect(await status({ host: 'evil.example' })).toBe(403);
  expect(await status({ host: 'evil.example', origin: 'http://evil.example' })).toBe(403);
});
