import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { dial, next, refusalOf } from '../../testkit/test-client.ts';

let hub: RealHub;
beforeEach(async () => {
  hub = await startRealHub();
});
afterEach(async () => {
  await hub.close();
  expect(hub.faults).toEqual([]);
});

async function ask(path: string, headers: Record<string, string>, method = 'GET') {
  const address = { host: '127.0.0.1', port: hub.port, path, method, headers, agent: false as const };
  const [response] = (await once(request(address).end(), 'response')) as [IncomingMessage];
  return { status: response.statusCode, text: (await response.toArray()).join('') };
}

async function detailOf(path: string, headers: Record<string, string>, method = 'GET'): Promise<string> {
  const { status, text } = await ask(path, headers, method);
  expect(status).toBe(403);
  return (JSON.parse(text) as { detail: string }).detail;
}

/** Sends these bytes. @returns all that is answered */
async function raw(bytes: string): Promise<string> {
  const socket = connect(hub.port, '127.0.0.1');
  socket.write(bytes);
  return (await socket.toArray()).join('');
}

describe('a balancer learns whether the hub is well', () => {
  it.each([
    'GET /readyz HTTP/1.0\r\n\r\n',
    'GET /healthz HTTP/1.0\r\n\r\n',
    'OPTIONS /readyz HTTP/1.0\r\n\r\n',
    'HEAD /healthz HTTP/1.0\r\n\r\n',
    'GET /readyz HTTP/1.1\r\nconnection: close\r\n\r\n',
    'GET /readyz HTTP/1.1\r\nHost: caps:3000\r\nconnection: close\r\n\r\n',
    'GET /healthz HTTP/1.1\r\nHost: \r\nconnection: close\r\n\r\n',
  ])('by %j', async (bytes) => {
    expect(await raw(bytes)).toMatch(/^HTTP\/1\.1 20[04] /);
    expect(hub.warnings).toEqual([]);
  });

  it('and no more than that: [A3] metrics and orders are refused in words', async () => {
    for (const path of ['/metrics', '/api/orders', '/api/hub']) {
      expect(await raw(`GET ${path} HTTP/1.0\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 403 [\s\S]*which host it is for/,
      );
    }
  });
});

describe('[A3] a refusal says which setting is missing', () => {
  it.each([
    // Docker, Prometheus.
    [
      '/metrics',
      { host: 'caps:3000' },
      /address http:\/\/caps:3000\. .*CAPS_PUBLIC_URL=http:\/\/caps:3000, .*CAPS_ORIGINS/,
    ],
    // Without an origin a proxy's word tells the scheme.
    [
      '/api/hub',
      { host: 'hub.example.com', 'x-forwarded-proto': 'https' },
      /CAPS_PUBLIC_URL=https:\/\/hub\.example\.com,/,
    ],
    [
      '/api/hub',
      { host: 'hub.example.com', origin: 'https://hub.example.com' },
      /CAPS_PUBLIC_URL=https:\/\/hub\.example\.com,/,
    ],
    // Nginx's `proxy_pass` alone, and with `Host $host` on another port.
    [
      '/api/hub',
      { host: '127.0.0.1:3000', origin: 'http://hub.example.com' },
      /at http:\/\/hub\.example\.com asked this hub as 127\.0\.0\.1:3000.* CAPS_PUBLIC_URL=http:\/\/hub\.example\.com and start.*proxy_set_header Host \$http_host/,
    ],
    [
      '/api/hub',
      { host: 'localhost', origin: 'http://localhost:8080' },
      /CAPS_PUBLIC_URL=http:\/\/localhost:8080 and start/,
    ],
    // Nginx in front of a container.
    [
      '/api/hub',
      { host: 'caps:3000', origin: 'https://hub.example.com' },
      /CAPS_PUBLIC_URL=https:\/\/hub\.example\.com and CAPS_ORIGINS=http:\/\/caps:3000 and start/,
    ],
    ['/api/hub', { origin: 'null' }, /without an origin of its own/],
    ['/api/hub', { origin: 'file://' }, /without an origin of its own/],
  ])('%s of %o', async (path, headers, words) => {
    expect(await detailOf(path, headers, path === '/api/hub' ? 'POST' : 'GET')).toMatch(words);
  });

  it('to a customer’s browser as a page', async () => {
    const headers = { host: 'hub.example.com', accept: 'text/html,*/*;q=0.8' };
    const { status, text } = await ask(`/track/trk_${'x'.repeat(32)}`, headers);
    expect(status).toBe(403);
    expect(text).toMatch(
      /<h1>This page cannot be shown at this address\.<\/h1>\n<p[^>]*>.*CAPS_PUBLIC_URL=http:\/\/hub/,
    );
  });

  it('and whatever it says works', async () => {
    await hub.close();
    hub = await startRealHub({
      CAPS_PUBLIC_URL: 'https://hub.example.com',
      CAPS_ORIGINS: 'http://caps:3000',
    });
    for (const headers of [
      { host: 'caps:3000' },
      { host: 'hub.example.com', origin: 'https://hub.example.com' },
      { host: '127.0.0.1:3000', origin: 'https://hub.example.com' },
      { host: 'caps:3000', origin: 'https://hub.example.com' },
    ]) {
      expect((await ask('/api/hub', headers, 'POST')).status).toBe(200);
    }
  });
});

describe('[S3] the hub prints each refusal', () => {
  it('once, whichever door it is of', async () => {
    const evil = { origin: 'http://hub.example.com' };
    for (let i = 0; i < 3; i += 1) await detailOf('/api/orders', evil);
    await ask('/socket.io/?EIO=4&transport=polling', evil);
    await refusalOf(dial(`${hub.url}/caps`, {}, { extraHeaders: evil }));
    expect(hub.warnings).toHaveLength(1);
    expect(hub.warnings[0]).toContain('set CAPS_PUBLIC_URL=http://hub.example.com and start the hub again');
  });

  it('and not without end, nor at any length', async () => {
    for (let i = 0; i < 30; i += 1)
      await detailOf('/api/orders', { host: `${'x'.repeat(60)}.${i}.${'y'.repeat(50)}.example` });
    expect(hub.warnings).toHaveLength(20);
    expect(Math.max(...hub.warnings.map((line) => line.length))).toBeLessThan(600);
  });
});

it('a page that polls is refused in words as well', async () => {
  const { status, text } = await ask('/socket.io/?EIO=4&transport=polling', { host: 'hub.example.com' });
  expect([status, text]).toEqual([403, expect.stringContaining('CAPS_PUBLIC_URL=http://hub.example.com')]);
  const socket = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' });
  await next(socket, 'welcome');
  socket.close();
});
