import { once } from 'node:events';
import { io as io4 } from 'socket.io-client';
import io2 from 'socket.io-client-2';
import { io as io3 } from 'socket.io-client-3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { life } from '../../protocol/events.ts';
import { limits } from '../../protocol/limits.ts';
import type { IssuedKey } from '../../protocol/rest.ts';
import { adminKey, asJson, type KeyedHub, startKeyedHub } from '../../testkit/keyed-hub.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { dial, next, openClient, orderOf, stepOf } from '../../testkit/test-client.ts';
import { routes } from './rest/api.ts';

let hub: KeyedHub;
let red: IssuedKey;
let blue: IssuedKey;
let ana: IssuedKey;
let gone: IssuedKey;
let tracking: string;
/** Everything that was answered to whoever asked, but for the answers that hold a new key. */
let heard = '';
const sentence = 'This needs a valid access key that fits who you say you are; ask dispatch for one.';
const canary = 'Canary';

beforeAll(async () => {
  // Behind a proxy, so that each request may come from an address of its own: of one, wrong keys are slowed.
  hub = await startKeyedHub({ LOG_LEVEL: 'trace', CAPS_TRUST_PROXY: 'on' });
  red = await hub.issue({ role: 'vendor', store: 'red' });
  blue = await hub.issue({ role: 'vendor', store: 'blue' });
  ana = await hub.issue({ role: 'driver', driver: 'ana' });
  gone = await hub.issue({ role: 'admin', name: 'Gone' });
  await hub.revoke(gone.id);
  const order = { orderID: 'secret', customer: `Hulda ${canary}`, address: '835 Meluk Pass' };
  const placed = await hub.ask('/api/orders', red.key, asJson('POST', { ...order, store: 'red' }));
  expect(placed.status).toBe(201);
  ({ tracking } = (await placed.json()) as { tracking: string });
  await hub.ask('/api/orders', blue.key, asJson('POST', { ...order, store: 'blue' }));
});
afterAll(async () => {
  await hub.close();
  const said = heard + [...hub.faults, ...hub.warnings].join('');
  for (const { key } of [red, blue, ana, gone]) expect(said).not.toContain(key.slice(4));
  expect(said).not.toContain(adminKey);
  expect([...hub.faults, ...hub.warnings].join('')).not.toContain(canary);
});

let asked = 0;
function askFromElsewhere(path: string, key?: string, options: RequestInit = {}): Promise<Response> {
  asked += 1;
  const headers = new Headers(options.headers);
  headers.set('x-forwarded-for', `10.0.${asked >> 8}.${asked & 255}`);
  return hub.ask(path, key, { ...options, headers: Object.fromEntries(headers) });
}

async function answered(path: string, key?: string, options?: RequestInit): Promise<[number, string]> {
  const response = await askFromElsewhere(path, key, options);
  const text = await response.text();
  heard += text;
  return [response.status, text];
}

async function expectRefused(path: string, key: string | undefined, options?: RequestInit): Promise<void> {
  const response = await askFromElsewhere(path, key, options);
  const text = await response.text();
  heard += text;
  expect([response.status, response.headers.get('www-authenticate')], `${path} ${text}`).toEqual([
    401,
    'Bearer',
  ]);
  if (options?.method === 'HEAD') return;
  expect(JSON.parse(text)).toMatchObject({ code: 'unauthorized', retryable: false, detail: sentence });
  expect(text).not.toMatch(/Canary|secret|red/);
}

/** Every address of REST with every method that it knows, and some that it does not. */
const requests: [path: string, options: RequestInit][] = [
  ...Object.values(routes).map(({ method, path, body }): [string, RequestInit] => [
    path
      .replace(':store', 'red')
      .replace(':orderID', 'secret')
      .replace(':event', 'cancelled')
      .replace(':id', 'x'),
    body
      ? asJson(method.toUpperCase(), Object.values(body.examples)[0]?.value)
      : { method: method.toUpperCase() },
  ]),
  ['/api/events', { headers: { accept: 'text/event-stream' } }],
  ['/api/events', { headers: { accept: 'text/event-stream', 'last-event-id': '0' } }],
  ['/api/connections', { headers: { accept: 'text/event-stream' } }],
  ['/api/events', { method: 'HEAD' }],
  ['/api/orders', { method: 'DELETE' }],
  ['/api/orders', { method: 'OPTIONS' }],
  ['/api/nothing', {}],
  ['/api', {}],
  ['/api/events?limit=none', {}],
  ['/metrics', {}],
];

describe('[A2] over HTTP nothing is done or seen', () => {
  it.each(requests)('at %s %o without a key that is valid', async (path, options) => {
    const mistyped = `${red.key.slice(0, -1)}${red.key.endsWith('A') ? 'B' : 'A'}`;
    for (const key of [undefined, '', 'x', gone.key, mistyped, red.key.slice(4), red.id, adminKey.slice(1)]) {
      await expectRefused(path, key, options);
    }
  });

  it.each([
    ['/api/orders?as=admin'],
    ['/api/orders?as=store:blue'],
    ['/api/events?as=driver:ana'],
    ['/api/orders/red/secret?as=store:blue'],
    ['/api/connections?as=admin'],
    ['/api/keys?as=admin'],
  ])('at %s as somebody else than the key’s', (path) => expectRefused(path, red.key));

  it('by a key in the address', async () => {
    await expectRefused(`/api/events?key=${red.key}`, undefined);
    const [status, text] = await answered(`/api/events?key=${red.key}`, red.key);
    expect([status, text]).toEqual([400, expect.stringContaining('"field":"key"')]);
  });

  it.each([
    ['/metrics', {}],
    ['/api/keys', {}],
    ['/api/keys', asJson('POST', { role: 'admin' })],
    ['/api/keys/x', { method: 'DELETE' }],
    ['/api/connections', {}],
    ['/api/devices', {}],
    ['/api/devices/x', {}],
    ['/api/devices/x/commands', asJson('POST', { message: 'HEY YOU, RUN!' })],
  ] as [string, RequestInit][])('at %s %o with a key that is not an admin’s', async (path, options) => {
    for (const { key } of [red, ana]) {
      const [status, text] = await answered(path, key, options);
      expect([status, JSON.parse(text)]).toEqual([403, expect.objectContaining({ code: 'not-allowed' })]);
    }
  });

  it('but the pages’ files, health, the documents and a customer’s link are there', async () => {
    for (const path of [
      '/healthz',
      '/readyz',
      '/docs',
      '/docs/protocol',
      '/docs/search.json',
      '/docs/api',
      '/docs/start.js',
      '/docs/theme.js',
      '/openapi.json',
      '/asyncapi.json',
      '/schemas',
      '/schemas/record.json',
    ]) {
      expect([path, (await answered(path))[0]]).toEqual([path, 200]);
    }
    expect(await answered('/api/hub')).toEqual([200, '{"access":"keyed"}']);
    for (const path of ['/healthz', '/readyz', '/'])
      expect((await answered(path))[1]).not.toMatch(/\bred\b|\bblue\b/);
    const live = await hub.ask(`${new URL(tracking).pathname}/live`);
    expect([live.status, live.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    await live.body?.cancel();
  });

  it('a customer reads their one order with the token of their link', async () => {
    const token = tracking.replace(/.*\//, '');
    const [status, text] = await answered('/api/orders/red/secret', token);
    expect([status, text]).toEqual([200, expect.stringContaining(`Hulda ${canary}`)]);
    expect(text).not.toContain('"tracking"');
    expect((await answered('/api/events', token))[1]).toContain('"seq":1,');
    expect((await answered('/api/orders/blue/secret', token))[0]).toBe(404);
    for (const path of ['/api/orders', '/metrics', '/api/connections', '/api/devices', '/api/keys']) {
      expect([path, (await answered(path, token))[0]]).toEqual([path, 403]);
    }
    expect((await answered('/api/orders/red/secret', `${token.slice(0, -2)}AA`))[0]).toBe(401);
  });

  it('whoever has a key learns whose it is', async () => {
    expect(JSON.parse((await answered('/api/hub', red.key))[1])).toMatchObject({
      ...{ version: expect.any(String), access: 'keyed', addresses: [expect.any(String)] },
      actor: { role: 'vendor', id: 'red' },
    });
    await expectRefused('/api/hub', gone.key);
  });
});

describe('[A2] over Socket.IO nobody joins', () => {
  it.each<[string, () => object]>([
    ['without a key', () => ({ role: 'admin' })],
    ['with a revoked one', () => ({ role: 'admin', key: gone.key })],
    ['with a shop’s, as dispatch', () => ({ role: 'admin', key: red.key })],
    ['with a driver’s, as a shop', () => ({ role: 'vendor', store: 'ana', key: ana.key })],
    ['with another shop’s', () => ({ role: 'vendor', store: 'red', key: blue.key })],
    ['with another driver’s', () => ({ role: 'driver', driver: 'ben', key: ana.key })],
    ['with one that is none', () => ({ role: 'vendor', store: 'red', key: 'ven_' })],
  ])('%s', async (_, who) => {
    const socket = dial(`${hub.url}/caps`, { protocol: 1, ...who() });
    socket.onAny((...message) => expect.fail(String(message)));
    const error = await next<Error & { data: object }>(socket, 'connect_error');
    expect([error.message, error.data]).toEqual([
      sentence,
      expect.objectContaining({ code: 'unauthorized' }),
    ]);
    socket.close();
  });

  const options = { forceNew: true, reconnection: false };
  it.each<[string, string, string, (url: string) => unknown]>([
    ['version 2', '/caps', 'error', (url) => io2(url, options)],
    ['version 2', '/csps', 'error', (url) => io2(url, { ...options, transports: ['websocket'] })],
    ['version 2', '/', 'error', (url) => io2(url, options)],
    ['version 2', '/messages', 'error', (url) => io2(url, options)],
    ['version 3', '/caps', 'connect_error', (url) => io3(url, options)],
    ['version 3', '/', 'connect_error', (url) => io3(url, options)],
    ['version 4', '/driver', 'connect_error', (url) => io4(url, options)],
    ['version 4', '/caps', 'connect_error', (url) => io4(url, options)],
    ['version 4', '/csps', 'connect_error', (url) => io4(url, { ...options, auth: { key: red.key } })],
  ])('who speaks no protocol of ours: %s at %s', async (_, namespace, refused, connect) => {
    const start = performance.now();
    const socket = connect(hub.url + namespace) as OldSocket;
    const [error] = (await once(socket as never, refused)) as [{ message: string }];
    expect(error.message).toBe(sentence);
    const { engine } = socket.io;
    if (engine.readyState !== 'closed') await new Promise((resolve) => engine.on('close', resolve));
    // It is hung up on because of what it is, and not because it did not join in time.
    expect(performance.now() - start).toBeLessThan(limits.joinMs);
    socket.close();
  });
});

/** What the versions of the library have in common. */
interface OldSocket {
  close(): void;
  readonly io: {
    readonly engine: {
      readonly readyState: string;
      on(event: 'close', listener: (why: unknown) => void): void;
    };
  };
}

/** As behind its proxy, which says so first. */
function lineFromElsewhere(): TcpLine {
  const line = new TcpLine(hub.tcpPort);
  line.write('PROXY TCP4 10.1.0.1 127.0.0.1 4000 4000\r\n');
  return line;
}

describe('[A2] over TCP nobody is served', () => {
  const hello = (payload: object) => ({ event: 'hello', payload });
  it.each<[string, () => string | object]>([
    ['who says hello without a key', () => hello({ role: 'admin' })],
    ['who has a revoked key', () => hello({ role: 'admin', key: gone.key })],
    ['who has another’s', () => hello({ role: 'vendor', store: 'red', key: blue.key })],
    ['who has one of another role', () => hello({ role: 'admin', key: ana.key })],
    ['who sends an order', () => orderOf('red', 'plain')],
    ['who names a device', () => ({ device_id: 'd1' })],
    ['who asks how it goes', () => 'PING.\n'],
    ['who sends what is no JSON', () => '{oops}\n'],
    ['who takes leave', () => 'GOTTA GO.\n'],
  ])('%s', async (_, message) => {
    const line = lineFromElsewhere();
    line.write(message());
    await line.ended;
    expect(line.heard.map((text) => JSON.parse(text))).toEqual([
      { event: 'error', payload: { code: 'unauthorized', message: sentence, retryable: false } },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['an order', { ...orderOf('red', 'named'), id: 'c1' }, '"c1"'],
    ['what is no message', '{"id":9007199254740993}', '9007199254740993'],
  ])('but who asks before a hello is refused with the id of the question: %s', async (_, message, id) => {
    const line = lineFromElsewhere();
    line.write(message as string | object);
    await line.ended;
    const refusal = JSON.stringify({ code: 'unauthorized', message: sentence, retryable: false });
    expect(line.heard).toEqual([`{"event":"error","id":${id},"payload":${refusal}}`]);
  });

  it('who says nothing, and then whatever else they send', async () => {
    const silent = lineFromElsewhere();
    const rude = lineFromElsewhere();
    rude.write(
      JSON.stringify(orderOf('red', 'rude')) +
        JSON.stringify(hello({ role: 'vendor', store: 'red', key: red.key })),
    );
    await Promise.all([silent.ended, rude.ended]);
    for (const { heard } of [silent, rude]) expect(heard).toEqual([expect.stringContaining('unauthorized')]);
    expect((await answered('/api/orders/red/rude', red.key))[0]).toBe(404);
  });
});

describe('[A1] "not yours" and "not there" are the same', () => {
  const same = async (key: string, paths: [string, string], options?: RequestInit) => {
    const [theirs, none] = await Promise.all(paths.map((path) => answered(path, key, options)));
    expect(theirs).toEqual(none);
    return theirs;
  };
  const both = (rest: string): [string, string] => [
    `/api/orders/blue/secret${rest}`,
    `/api/orders/blue/none${rest}`,
  ];

  it('to a shop that reads, lists and searches', async () => {
    expect(await same(red.key, both(''))).toEqual([404, expect.stringContaining('unknown-parcel')]);
    for (const path of ['/api/events?q=order:', '/api/orders?q=order:']) {
      await same(red.key, [`${path}secret%20store:blue`, `${path}none%20store:green`]);
    }
    for (const path of ['/api/events?store=', '/api/orders?store='])
      await same(red.key, [`${path}blue`, `${path}green`]);
  });

  it.each([...new Set(life.map(({ event }) => event))].filter((event) => event !== 'pickup'))(
    'to a shop that sends "%s"',
    async (event) => {
      const details: Record<string, object> = {
        ...{ 'attempt-failed': { reason: 'not-home' }, reassigned: { driver: 'ana' } },
        ...{ corrected: { rev: 1 }, seen: { rev: 1 }, note: { text: 'Hello.' } },
        proof: { kind: 'pin', text: '1234', rev: 1 },
      };
      const body = details[event] ?? {};
      expect(await same(red.key, both(`/${event}`), asJson('POST', body))).toEqual([
        404,
        expect.stringContaining('unknown-parcel'),
      ]);
      const shop = await openClient(hub.url, { role: 'vendor', store: 'red', key: red.key });
      const [theirs, none] = await shop.send(
        ...['secret', 'none'].map((orderID) => stepOf(event, 'blue', orderID, { details: body })),
      );
      shop.close();
      expect(theirs).toEqual(none);
    },
  );

  it('to a driver who reads what another has had; of what another holds they read what a claim would tell', async () => {
    const ben = await hub.issue({ role: 'driver', driver: 'ben' });
    const step = (event: string) => hub.ask(`/api/orders/blue/secret/${event}`, ben.key, asJson('POST', {}));
    await step('in-transit');
    const read = await answered('/api/orders/blue/secret', ana.key);
    const claim = await answered('/api/orders/blue/secret/claimed', ana.key, asJson('POST', {}));
    expect(read).toEqual([409, expect.stringContaining('"code":"taken"')]);
    expect(read).toEqual(claim);
    await step('delivered');
    expect(await same(ana.key, both(''))).toEqual([404, expect.stringContaining('unknown-parcel')]);
  });
});
