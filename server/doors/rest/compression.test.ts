import { once } from 'node:events';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RealHub, startRealHub } from '../../../testkit/real-hub.ts';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { openClient, orderOf } from '../../../testkit/test-client.ts';
import { builtFiles } from '../pages/files.ts';

interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As it came over the wire. */
  readonly bytes: Buffer;
}

async function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<RawAnswer> {
  const [response] = (await once(get(url, { agent: false, headers, method }), 'response')) as [
    IncomingMessage,
  ];
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    bytes: method === 'HEAD' ? Buffer.alloc(0) : await buffer(response),
  };
}

const decoders = { br: brotliDecompressSync, gzip: gunzipSync } as const;
const encodings = ['br', 'gzip'] as const;

/** What it says, and that it was compressed as it was asked for, and is what it is without. */
async function checkEncodings(url: string, headers: Record<string, string> = {}): Promise<void> {
  const plain = await ask(url, headers);
  expect([plain.status, plain.headers['content-encoding']]).toEqual([200, undefined]);
  expect(plain.headers.vary?.toLowerCase()).toContain('accept-encoding');
  for (const encoding of encodings) {
    const got = await ask(url, { ...headers, 'accept-encoding': encoding });
    expect([url, got.headers['content-encoding']]).toEqual([url, encoding]);
    expect(got.headers['content-type']).toBe(plain.headers['content-type']);
    expect(got.headers.vary?.toLowerCase()).toContain('accept-encoding');
    expect(got.headers['content-length']).toBe(String(got.bytes.length));
    expect(got.bytes.length).toBeLessThan(plain.bytes.length / 2);
    expect(decoders[encoding](got.bytes).equals(plain.bytes)).toBe(true);
    const head = await ask(url, { ...headers, 'accept-encoding': encoding }, 'HEAD');
    expect(head.headers['content-length']).toBe(got.headers['content-length']);
    expect(head.headers['content-encoding']).toBe(encoding);
  }
}

/** ETags that are strong and another for each encoding, and 304 for each. */
async function checkTags(url: string): Promise<void> {
  const tags = new Set<string>();
  for (const encoding of ['identity', ...encodings]) {
    const { headers } = await ask(url, { 'accept-encoding': encoding });
    const tag = headers.etag ?? '';
    expect(tag).toMatch(/^"[^"]+"$/);
    tags.add(tag);
    const again = await ask(url, { 'accept-encoding': encoding, 'if-none-match': tag });
    expect([again.status, again.headers.etag, again.bytes.length]).toEqual([304, tag, 0]);
    expect(again.headers.vary?.toLowerCase()).toContain('accept-encoding');
    const other = await ask(url, { 'accept-encoding': encoding, 'if-none-match': '"another"' });
    expect(other.status).toBe(200);
  }
  expect(tags.size).toBe(3);
}

describe('built files', () => {
  const folder = memoryFolder();
  const script = 'export const word = "parcel";\n'.repeat(200);
  let http: Server;
  let url: string;
  beforeAll(async () => {
    mkdirSync(join(folder, 'assets'));
    const file = (name: string, bytes: string | Buffer) => writeFileSync(join(folder, name), bytes);
    file('assets/app-1.js', script);
    file('assets/app-1.js.br', brotliCompressSync(script));
    file('assets/app-1.js.gz', gzipSync(script));
    file('icon.png', 'no text');
    // Odd, but a name: nothing else is found by it.
    file('a b.js', script);
    file('a b.js.gz', gzipSync(script));
    for (const name of ['assets/app-1.js.br', 'assets/app-1.js.gz']) utimesSync(join(folder, name), 1e9, 1e9);
    const app = express().use(builtFiles(folder));
    http = createServer(app.use((_request, response) => void response.status(404).end('none')));
    await once(http.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    http.close();
    rmSync(folder, { recursive: true });
  });

  it('go out as they were compressed when they were built', async () => {
    await checkEncodings(`${url}/assets/app-1.js`);
    await checkTags(`${url}/assets/app-1.js`);
    const { headers } = await ask(`${url}/assets/app-1.js`, { 'accept-encoding': 'gzip, deflate, br, zstd' });
    expect(headers['content-encoding']).toBe('br');
    expect(headers['cache-control']).toContain('immutable');
    expect(
      (await ask(`${url}/a%20b.js`, { 'accept-encoding': 'br, gzip' })).headers['content-encoding'],
    ).toBe('gzip');
  });

  it('go out as they are where that is not understood, or not worth it', async () => {
    for (const accept of ['', 'identity', 'deflate', 'br;q=0, gzip;q=0']) {
      const { headers, bytes } = await ask(`${url}/assets/app-1.js`, { 'accept-encoding': accept });
      expect([accept, headers['content-encoding']]).toEqual([accept, undefined]);
      expect(bytes.toString()).toBe(script);
    }
    const png = await ask(`${url}/icon.png`, { 'accept-encoding': 'br, gzip' });
    expect(png.headers['content-encoding']).toBeUndefined();
    expect(png.headers['content-type']).toBe('image/png');
  });

  it.each(['identity', ...encodings])('give a part of what they are as %s', async (encoding) => {
    const accept = { 'accept-encoding': encoding };
    const whole = await ask(`${url}/assets/app-1.js`, accept);
    const part = await ask(`${url}/assets/app-1.js`, { ...accept, range: 'bytes=10-19' });
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 10-19/${whole.bytes.length}`]);
    expect(part.bytes.equals(whole.bytes.subarray(10, 20))).toBe(true);
    const changed = { ...accept, range: 'bytes=10-19', 'if-range': '"of another encoding"' };
    expect((await ask(`${url}/assets/app-1.js`, changed)).status).toBe(200);
    const same = { ...accept, range: 'bytes=10-19', 'if-range': whole.headers.etag ?? '' };
    expect((await ask(`${url}/assets/app-1.js`, same)).status).toBe(206);
  });

  it('are found under their own names alone', async () => {
    for (const path of ['/assets/app-1.js.br', '/assets/app-1.js%2egz', '/%2e%2e/x.js', '/%E0%A4%A']) {
      expect([path, (await ask(url + path, { 'accept-encoding': 'br' })).status]).toEqual([path, 404]);
    }
  });
});

describe('answers', () => {
  let hub: RealHub;
  let tracking: string;
  const notes = 40;
  beforeAll(async () => {
    hub = await startRealHub();
    const shop = await openClient(hub.url, { role: 'vendor', store: 'red' });
    await shop.send(...Array.from({ length: notes }, (_, i) => orderOf('red', `${i}`)));
    shop.close();
    const life = await ask(`${hub.url}/api/orders/red/1`);
    ({ tracking } = JSON.parse(life.bytes.toString()) as { tracking: string });
  });
  afterAll(async () => {
    await hub.close();
    expect(hub.faults).toEqual([]);
  });

  it.each(['/api/events', '/api/orders', '/openapi.json', '/docs/swagger-ui.css'])(
    '%s is compressed by what is understood',
    (path) => checkEncodings(hub.url + path),
  );

  it('the hub’s numbers are compressed', async () => {
    const { headers, bytes } = await ask(`${hub.url}/metrics`, { 'accept-encoding': 'gzip' });
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(bytes).toString()).toContain('caps_events_total');
  });

  it('what is the same for all is known again', async () => {
    await checkTags(`${hub.url}/openapi.json`);
    await checkTags(`${hub.url}/docs/swagger-ui-bundle.js`);
  });

  it.each(['csv', 'ndjson'])('the log as %s is compressed while it is made', async (format) => {
    const path = `${hub.url}/api/events?format=${format}`;
    const plain = await ask(path);
    const got = await ask(path, { 'accept-encoding': 'gzip, br' });
    expect([got.headers['content-encoding'], got.headers['content-length']]).toEqual(['gzip', undefined]);
    expect(got.headers.vary?.toLowerCase()).toMatch(/accept,.*accept-encoding/);
    expect(gunzipSync(got.bytes).equals(plain.bytes)).toBe(true);
    expect(got.bytes.length).toBeLessThan(plain.bytes.length / 3);
  });

  it('what is short goes out as it is', async () => {
    const { headers } = await ask(`${hub.url}/api/events?limit=1`, { 'accept-encoding': 'gzip' });
    expect(headers['content-encoding']).toBeUndefined();
  });

  it.each([
    ['/api/events', 'text/event-stream'],
    ['/api/connections', 'text/event-stream'],
  ])('%s as a stream is not: it would wait to be full', async (path, accept) => {
    const request = get(hub.url + path, { agent: false, headers: { accept, 'accept-encoding': 'gzip, br' } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.headers['content-encoding']).toBeUndefined();
    response.destroy();
  });

  it('[A2] a link is never compressed beside words of others, whose length would tell it', async () => {
    const accept = { 'accept-encoding': 'gzip, br' };
    const shop = await ask(`${hub.url}/api/orders/red/1?as=store:red`, accept);
    expect(shop.headers['content-encoding']).toBeUndefined();
    expect(shop.bytes.toString()).toContain(tracking);
    const driver = await ask(`${hub.url}/api/orders/red/1?as=driver:ana`, accept);
    expect(driver.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(driver.bytes).toString()).not.toContain('trk_');
  });
});
