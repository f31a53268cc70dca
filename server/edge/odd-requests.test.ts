import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { certificate, certificateKey } from '../../testkit/simulation/certificate.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';

const run = promisify(execFile);
let hub: RealHub;
beforeAll(async () => {
  hub = await startRealHub();
});
afterAll(async () => {
  await hub.close();
  expect(hub.faults).toEqual([]);
});

/** Sends these bytes. @returns all that is answered */
async function raw(bytes: string, port = hub.port): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(Buffer.from(bytes, 'latin1'));
  return (await socket.toArray()).join('');
}

const head = (line: string, ...headers: string[]): string =>
  [line, 'host: localhost', 'connection: close', ...headers, '', ''].join('\r\n');

describe('who offers another protocol is answered over HTTP/1.1', () => {
  const h2c = ['connection: Upgrade, HTTP2-Settings', 'upgrade: h2c', 'http2-settings: AAMAAABkAAQAAP__'];
  it.each([
    '/',
    '/vendor',
    '/api/hub',
    '/healthz',
    '/socket.io/?EIO=4&transport=polling',
    '/track/trk_x/live',
  ])('HTTP/2 at %s', async (path) => {
    const answer = await raw(
      `GET ${path} HTTP/1.1\r\nhost: localhost\r\n${h2c.join('\r\n')}\r\n\r\n`.replace(
        'Upgrade,',
        'close, Upgrade,',
      ),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 (200|404|503) /);
    expect(answer).toMatch(/\r\n\r\n./s);
  });

  it.each([
    ['GET', 'GET /healthz HTTP/1.1', ''],
    ['POST', 'POST /api/hub HTTP/1.1', '{}'],
  ])(
    '%s, and the connection ends behind it: what came with it is to be sent again',
    async (_, line, body) => {
      const offer = [line, 'host: localhost', `content-length: ${body.length}`, ...h2c, '', body].join(
        '\r\n',
      );
      const more = 'GET /api/hub HTTP/1.1\r\nhost: localhost\r\n\r\n';
      const answer = await raw(offer.replace('content-length: 0\r\n', '') + more + more);
      expect(answer).toMatch(/^HTTP\/1\.1 200 .*\r\nconnection: close\r\n/is);
      expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    },
  );

  it('a POST as well, with its body', async () => {
    const body = '{"store":"red","orderID":"h2","customer":"Hulda","address":"835 Meluk Pass"}';
    const more = ['content-type: application/json', `content-length: ${body.length}`, ...h2c];
    const request = head('POST /api/orders HTTP/1.1', ...more).replace('connection: Upgrade', 'x: Upgrade');
    expect(await raw(request + body)).toMatch(/^HTTP\/1\.1 201 .*"seq":/s);
  });

  it('curl --http2', async () => {
    const { stdout } = await run('curl', [
      '-m',
      '5',
      '-s',
      '--http2',
      '-m',
      '5',
      '-w',
      ' %{http_code}',
      `${hub.url}/healthz`,
    ]);
    expect(stdout).toMatch(/^\{"status":"ok".*\} 200$/);
  });
});

it.each(['/', '/vendor', '/api/events', '/socket.io', '/nothing'])(
  'a WebSocket at %s is told where there is one',
  async (path) => {
    const socket = new WebSocket(hub.url.replace('http', 'ws') + path);
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(400);
    const { detail } = JSON.parse((await response.toArray()).join(''));
    expect(detail).toMatch(/no WebSocket at this address.*\/socket\.io\//);
  },
);

describe('what Node gives up on is answered by a problem document', () => {
  const cases: [what: string, bytes: string, status: number, words: RegExp][] = [
    ['no HTTP', 'hello there\r\n\r\n', 400, /no method of HTTP/],
    ['an unknown method', head('FETCH / HTTP/1.1'), 400, /no method/],
    ['HTTP/2 at once', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505, /speaks HTTP\/1\.1/],
    ['a header without a colon', head('GET / HTTP/1.1', 'oops'), 400, /how HTTP\/1\.1 is written/],
    [
      'two lengths',
      head('POST /api/orders HTTP/1.1', 'content-length: 1', 'content-length: 2'),
      400,
      /written/,
    ],
    ['a large head', head('GET / HTTP/1.1', `x: ${'x'.repeat(20_000)}`), 431, /16384 bytes and 100 headers/],
    ['an expectation', head('GET /healthz HTTP/1.1', 'expect: gold'), 417, /100-continue/],
    ['a proxy’s request', head('CONNECT example.com:443 HTTP/1.1'), 405, /no proxy/],
  ];
  it.each(cases)('%s', async (_what, bytes, status, words) => {
    const answer = await raw(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} \\w`));
    expect(answer).toMatch(/\r\ncontent-type: application\/problem\+json\r\n/i);
    const problem = JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
    expect(problem).toMatchObject({ type: '/docs/errors/bad-message', status, retryable: false });
    expect(problem.detail).toMatch(words);
  });

  it('also a request that is not complete in time', async () => {
    const impatient = await startRealHub({}, { completeMs: 200, idleMs: 1_000, silentMs: 5_000 });
    expect(await raw('GET / HTTP/1.1\r\nhost:', impatient.port)).toMatch(/^HTTP\/1\.1 408 .*not complete/s);
    await impatient.close();
  });

  it('and nothing is written into an answer that has begun', async () => {
    const stream = head('GET /api/events HTTP/1.1', 'accept: text/event-stream').replace(
      'connection: close\r\n',
      '',
    );
    const socket = connect(hub.port, '127.0.0.1');
    socket.write(stream);
    const [first] = await once(socket, 'data');
    socket.write('oops\r\n\r\n');
    const all = String(first) + (await socket.toArray()).join('');
    expect(all.match(/HTTP\/1\.1 /g)).toEqual(['HTTP/1.1 ']);
  });
});

describe('which methods an address knows', () => {
  it.each(['/', '/vendor', '/track/trk_x', '/icon.svg', '/vendor.html', '/docs', '/healthz', '/api/events'])(
    'is answered at %s',
    async (path) => {
      const { status, headers } = await fetch(hub.url + path, { method: 'OPTIONS' });
      expect([status, headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
      for (const method of ['DELETE', 'PROPFIND']) {
        const wrong = await fetch(hub.url + path, { method });
        expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
        expect((await wrong.json()).detail).toMatch(new RegExp(`not ${method}`));
      }
      expect(await raw(head(`TRACE ${path} HTTP/1.1`))).toMatch(/^HTTP\/1\.1 405 .*problem\+json/s);
    },
  );
});

it.each([
  '/nope',
  '/vendor/nope',
  '/assets',
  '/favicon.svg',
  '/track.html',
  '/sw.js.br',
  '/docs/nope',
  '/api/nope',
  '/%',
])('there is nothing at %s, whatever method is tried there', async (path) => {
  for (const method of ['POST', 'OPTIONS', 'DELETE']) {
    const answer = await fetch(hub.url + path, { method });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    expect(await answer.json()).toMatchObject({ code: 'bad-message', details: { field: 'path' } });
  }
});

it('the whole hub says which methods it knows', async () => {
  expect(await raw(head('OPTIONS * HTTP/1.1'))).toMatch(
    /^HTTP\/1\.1 204 .*\r\nallow: GET, HEAD, OPTIONS\r\n/is,
  );
});

it.each([
  ['GET', '/API/Orders', '/api/orders'],
  ['GET', '/api/Events', '/api/events'],
  ['POST', '/Pickup', '/pickup'],
])('%s %s is told how the address is written', async (method, path, meant) => {
  const answer = await fetch(hub.url + path, { method });
  expect(answer.status).toBe(404);
  expect((await answer.json()).detail).toMatch(new RegExp(`small letters: ${meant}\\.$`));
});

describe('plain HTTP to a hub of HTTPS', () => {
  let folder: string;
  let secure: RealHub;
  beforeAll(async () => {
    folder = memoryFolder();
    const files = { CAPS_TLS_CERT: join(folder, 'cert.pem'), CAPS_TLS_KEY: join(folder, 'key.pem') };
    writeFileSync(files.CAPS_TLS_CERT, certificate);
    writeFileSync(files.CAPS_TLS_KEY, certificateKey);
    secure = await startRealHub(files);
  });
  afterAll(async () => {
    await secure.close();
    rmSync(folder, { recursive: true });
  });

  it('is led to where the hub is', async () => {
    const url = `http://localhost:${secure.port}/vendor?store=red`;
    const { status, headers } = await fetch(url, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([308, url.replace('http:', 'https:')]);
    const { stdout } = await run('curl', ['-m', '5', '-s', url]);
    expect(stdout).toBe(`This hub speaks HTTPS alone: ${url.replace('http:', 'https:')}\n`);
  });

  it('[A3] is refused under a name that is not the hub’s, and led nowhere', async () => {
    for (const method of ['GET', 'POST']) {
      for (const host of ['evil.example', `evil.example:${secure.port}`, 'localhost.evil.example']) {
        const bytes = head(`${method} /vendor HTTP/1.1`).replace('host: localhost', `Host: ${host}`);
        const answer = await raw(bytes, secure.port);
        expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\ncontent-type: application\/problem\+json/);
        expect(answer).not.toMatch(/\r\nlocation:/i);
        expect(answer).toContain(`CAPS_PUBLIC_URL=https://${host}`);
      }
    }
  });

  it('is told where it must not be led, or cannot', async () => {
    const place = head('POST /api/orders HTTP/1.1', 'content-length: 2');
    for (const bytes of [`${place}{}`, 'GET / HTTP/1.0\r\n\r\n', 'oops\r\n', '\r\n']) {
      expect(await raw(bytes, secure.port)).toMatch(/^HTTP\/1\.1 400 .*speaks HTTPS alone/s);
    }
  });
});
