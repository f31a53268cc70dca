import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Presence } from '../../protocol/messages.ts';
import type { HubInfo } from '../../protocol/rest.ts';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { dial, next, refusalOf } from '../../testkit/test-client.ts';

let hub: RealHub;
afterEach(() => expect(hub.faults).toEqual([]));

async function ask(path: string, headers: Record<string, string>, body?: object) {
  const method = body ? 'POST' : 'GET';
  const type = body ? { 'content-type': 'application/json' } : {};
  const address = { host: '127.0.0.1', port: hub.port, path, method, agent: false as const };
  const asking = request({ ...address, headers: { ...headers, ...type } });
  const [response] = (await once(asking.end(body && JSON.stringify(body)), 'response')) as [IncomingMessage];
  return {
    status: response.statusCode,
    headers: response.headers,
    text: (await response.toArray()).join(''),
  };
}

/** As which plain clients dispatch sees them, once there are so many. */
async function plainClients(count: number): Promise<string[]> {
  for (;;) {
    const { text } = await ask('/api/connections', {});
    const { items } = JSON.parse(text) as { items: Presence['all'] };
    const found = (items ?? []).filter(({ role }) => role === 'plain').map(({ who }) => who);
    if (found.length === count) return found.sort();
    // Asking takes the hub's time, which is this process's.
    await pause(20);
  }
}

const order = { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' };
const forwarding = {
  'x-forwarded-for': '1.2.3.4',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'caps.example',
};

describe('without CAPS_TRUST_PROXY', () => {
  beforeAll(async () => {
    hub = await startRealHub({ CAPS_CONNECTIONS: '20' });
  });
  afterAll(() => hub.close());

  it('[A3] nothing that a client forwards is believed', async () => {
    const { text, headers } = await ask('/api/orders', forwarding, order);
    expect(JSON.parse(text).tracking).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/track\//);
    expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    expect((await ask('/api/orders', { host: 'evil.example', 'x-forwarded-host': '127.0.0.1' })).status).toBe(
      403,
    );
    expect((await ask('/api/orders', { 'x-forwarded-host': 'evil.example' })).status).toBe(200);
    const origin = { origin: 'http://evil.example', 'x-forwarded-host': 'evil.example' };
    expect((await ask('/api/orders', origin)).status).toBe(403);
  });

  it('plain clients are who their connection says, and a PROXY header is no message', async () => {
    const socket = dial(`${hub.url}/caps`, {}, { extraHeaders: { 'x-forwarded-for': '1.2.3.4' } });
    await next(socket, 'connect');
    expect(await plainClients(1)).toEqual(['127.0.0.1']);
    socket.close();
    const line = new TcpLine(hub.tcpPort);
    line.write('PROXY TCP4 1.2.3.4 10.0.0.1 4711 4000\r\n');
    expect(await line.error()).toBe('not-json');
    line.close();
  });
});

describe('with CAPS_TRUST_PROXY', () => {
  beforeAll(async () => {
    hub = await startRealHub({
      CAPS_TRUST_PROXY: '1',
      CAPS_PUBLIC_URL: 'https://caps.example',
      CAPS_CONNECTIONS: '3',
      CAPS_RATE: '0.2',
    });
  });
  afterAll(() => hub.close());

  it('links, policies and hosts are what the proxy was asked for', async () => {
    const { status, headers } = await ask('/api/hub', { ...forwarding, origin: 'https://caps.example' });
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain('upgrade-insecure-requests');
    expect((await ask('/api/hub', { ...forwarding, 'x-forwarded-host': 'evil.example' })).status).toBe(403);
    expect((await ask('/api/hub', { 'x-forwarded-host': 'evil.example, 10.0.0.1' })).status).toBe(200);
    expect((await ask('/api/hub', { host: 'evil.example' })).status).toBe(403);
  });

  it('the start page gets the address that the proxy was asked for, and a code of no other', async () => {
    const addressesAt = async (headers: Record<string, string>) =>
      (JSON.parse((await ask('/api/hub', headers)).text) as HubInfo).addresses;
    const came = { 'x-forwarded-for': '1.2.3.4', host: '192.168.1.7:8080' };
    expect(await addressesAt(came)).toEqual(['https://caps.example', 'http://192.168.1.7:8080']);
    expect(await addressesAt({ ...came, 'x-forwarded-proto': 'https' })).toEqual([
      'https://caps.example',
      'https://192.168.1.7:8080',
    ]);
    // Past the proxy.
    expect(await addressesAt({})).toEqual(['https://caps.example', hub.url]);
    const codeFor = async (url: string) => (await ask(`/qr.svg?url=${encodeURIComponent(url)}`, came)).status;
    expect(await codeFor('http://192.168.1.7:8080/driver')).toBe(200);
    expect(await codeFor('https://caps.example/driver')).toBe(200);
    expect(await codeFor('http://192.168.1.8:8080/driver')).toBe(400);
  });

  it('[S3] who is too fast is known by their own address, whatever they say before the proxy does', async () => {
    const from = (who: string) => ask('/api/orders', { 'x-forwarded-for': who });
    const statuses: unknown[] = [];
    for (const who of ['9.9.9.1, 5.5.5.5', '9.9.9.2, 5.5.5.5', '9.9.9.3, 5.5.5.5', '5.5.5.5, 6.6.6.6']) {
      statuses.push((await from(who)).status);
    }
    expect(statuses).toEqual([200, 200, 429, 200]);
  });

  it('plain clients and the limit of connections are by the address behind the proxy', async () => {
    const come = (who: string) =>
      dial(
        `${hub.url}/caps`,
        {},
        { extraHeaders: { 'x-forwarded-for': who, 'x-forwarded-host': 'caps.example' } },
      );
    const sockets = ['1.2.3.4', '1.2.3.4', '1.2.3.4', '::ffff:1.2.3.5'].map(come);
    await Promise.all(sockets.map((socket) => next(socket, 'connect')));
    expect(await refusalOf(come('1.2.3.4'))).toBe('websocket error');
    expect((await ask('/healthz', { 'x-forwarded-for': '1.2.3.4' })).status).toBe(503);
    expect((await ask('/healthz', { 'x-forwarded-for': '1.2.3.6' })).status).toBe(200);
    expect(await plainClients(4)).toEqual(['1.2.3.4', '1.2.3.4', '1.2.3.4', '1.2.3.5']);
    for (const socket of sockets) socket.close();
    await plainClients(0);
  });

  it('TCP asks for the PROXY protocol, and knows its sender by it', async () => {
    const line = new TcpLine(hub.tcpPort);
    await once(line.socket, 'connect');
    for (const part of [
      'PROXY TCP4 7.7.7.7 10.0.0.1 ',
      '4711 4000\r',
      '\nPING.{"event":"disconnect","payload":{}}',
    ]) {
      line.write(part);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await line.line('PONG.');
    expect(await line.error()).toBe('unknown-event');
    expect(await plainClients(1)).toEqual(['7.7.7.7']);
    line.close();
    await plainClients(0);
  });

  it.each([
    '{"event":"hello","payload":{"role":"admin"}}\n',
    'PING.',
    'PROXY TCP4 x\r\n',
    'GET / HTTP/1.1\r\n\r\n',
  ])('[A3] TCP hears nobody without: %j', async (said) => {
    const line = new TcpLine(hub.tcpPort);
    line.write(said);
    await line.ended;
    expect(line.heard).toEqual([]);
  });

  it('[S1] TCP waits 5 s for it and no longer', async () => {
    const start = performance.now();
    const slow = new TcpLine(hub.tcpPort);
    slow.write('PROXY TCP4');
    const gone = new TcpLine(hub.tcpPort);
    await once(gone.socket, 'connect');
    gone.socket.end();
    await gone.ended;
    await slow.ended;
    expect(performance.now() - start).toBeGreaterThan(4_500);
  });
});

describe('with CAPS_TRUST_PROXY and no address of its own', () => {
  beforeAll(async () => {
    hub = await startRealHub({ CAPS_TRUST_PROXY: 'on' });
  });
  afterAll(() => hub.close());

  it.each([
    ['https', 'https'],
    ['HTTPS', 'https'],
    ['http', 'http'],
    ['ftp, https', 'https'],
    ['https, javascript', 'http'],
    ['javascript', 'http'],
    ['https:', 'http'],
    ['', 'http'],
  ])('[A3] links and policies are of HTTPS or HTTP, and of nothing else: %j', async (said, scheme) => {
    const { text, headers } = await ask('/api/orders', { 'x-forwarded-proto': said }, order);
    expect(JSON.parse(text).tracking).toMatch(new RegExp(`^${scheme}://127\\.0\\.0\\.1`));
    const isSecure = headers['content-security-policy']?.includes('upgrade-insecure-requests');
    expect(isSecure).toBe(scheme === 'https');
  });
});
