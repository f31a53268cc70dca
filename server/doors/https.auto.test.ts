import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { openClient, orderOf } from '../../testkit/test-client.ts';

let folder: string;
let hub: RealHub;
beforeAll(async () => {
  folder = memoryFolder();
  hub = await startRealHub({ CAPS_HTTPS: 'auto', CAPS_DATA: folder });
});
afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true });
  expect(hub.faults).toEqual([]);
});

/** As a device that trusts the hub's authority. */
async function bySecure(path: string, of = hub) {
  const ca = readFileSync(join(folder, 'https', 'authority.pem'));
  const asked = request({ host: '127.0.0.1', port: of.port, path, ca }).end();
  const [response] = await once(asked, 'response');
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

/** Sends these pieces over plain TCP, one after the other. @returns all that is answered */
async function raw(port: number, ...pieces: string[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const answer = text(socket);
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return answer;
}

it('a hub that was told nothing more is there by HTTPS, with a certificate for its address', async () => {
  const { status, body, headers } = await bySecure('/api/hub');
  expect(status).toBe(200);
  expect(headers['strict-transport-security']).toBeUndefined();
  const { port } = hub;
  expect(JSON.parse(body)).toMatchObject({
    addresses: [`http://127.0.0.1:${port}`, `https://127.0.0.1:${port}`],
  });
});

it('a phone gets the authority as a file that it offers to install, and may try whether it is trusted', async () => {
  const plain = `http://127.0.0.1:${hub.port}`;
  const root = await fetch(`${plain}/ca.crt`, { headers: { host: 'some.name' } });
  expect(root.headers.get('content-type')).toBe('application/x-x509-ca-cert');
  const { fingerprint256, ca } = new X509Certificate(Buffer.from(await root.arrayBuffer()));
  expect(ca).toBe(true);
  const said = await (await fetch(`${plain}/api/hub`)).json();
  expect(said).toMatchObject({ https: { fingerprint: fingerprint256 } });
  const { status, headers } = await bySecure('/phone/check');
  expect([status, headers['access-control-allow-origin']]).toEqual([204, '*']);
  expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
});

it('programs go on over plain HTTP at the same port: REST and both transports of Socket.IO', async () => {
  const plain = `http://127.0.0.1:${hub.port}`;
  const order = { store: 'red', orderID: 'rest', customer: 'Hulda', address: '835 Meluk Pass' };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${plain}/api/orders`, { method: 'POST', headers, body: JSON.stringify(order) });
  expect(answer.status).toBe(201);
  for (const transport of ['websocket', 'polling']) {
    const client = await openClient(plain, { role: 'vendor', store: 'red' }, { transports: [transport] });
    expect(await client.send(orderOf('red', transport))).toMatchObject([{ ok: true }]);
    client.close();
  }
});

it('a page over plain HTTP stays there: this device may not trust the certificate', async () => {
  const { status } = await fetch(`http://127.0.0.1:${hub.port}/healthz`, { redirect: 'manual' });
  expect(status).toBe(200);
  const { status: ofPage, headers } = await fetch(`http://127.0.0.1:${hub.port}/driver`, {
    redirect: 'manual',
  });
  expect([headers.get('location'), headers.get('content-security-policy')]).toEqual([
    null,
    expect.not.stringContaining('upgrade-insecure-requests'),
  ]);
  expect(ofPage).not.toBe(307);
});

it('what comes byte by byte, with a large body, or pipelined is read as by a hub without TLS', async () => {
  const note = 'x'.repeat(1_000);
  const body = JSON.stringify(Array.from({ length: 200 }, () => ({ event: 'pickup', payload: { note } })));
  const head = (line: string, more = '') => `${line} HTTP/1.1\r\nhost: localhost\r\n${more}\r\n`;
  const post = head(
    'POST /api/commands',
    `content-type: application/json\r\ncontent-length: ${body.length}\r\n`,
  );
  const last = head('GET /healthz', 'connection: close\r\n');
  const half = body.length / 2;
  const answers = await raw(
    hub.port,
    ...[
      'P',
      post.slice(1, 20),
      post.slice(20) + body.slice(0, half),
      body.slice(half) + head('GET /healthz'),
    ],
    last,
  );
  expect(answers.match(/HTTP\/1\.1 \d+/g)?.slice(1)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
});

it('with plain HTTP off, what a new phone needs is still there, and nothing else, not even behind it', async () => {
  const data = memoryFolder();
  const strict = await startRealHub({ CAPS_HTTPS: 'auto', CAPS_PLAIN_HTTP: 'off', CAPS_DATA: data });
  const head = (line: string) => `${line} HTTP/1.1\r\nhost: localhost:${strict.port}\r\n\r\n`;
  expect(await raw(strict.port, head('GET /vendor'))).toMatch(/^HTTP\/1\.1 308 .*location: https:/s);
  expect(await raw(strict.port, head('POST /api/orders'))).toMatch(/^HTTP\/1\.1 400 .*HTTPS alone/s);
  const answers = await raw(strict.port, head('GET /api/hub') + head('GET /api/events'));
  expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 308']);
  const code = encodeURIComponent(`http://127.0.0.1:${strict.port}/phone`);
  expect(
    await raw(
      strict.port,
      head(`GET /qr.svg?url=${code}`).replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'),
    ),
  ).toMatch(/^HTTP\/1\.1 200 .*<svg/s);
  await strict.close();
  rmSync(data, { recursive: true });
});

it('a broken authority ends the start with one sentence, and frees the folder', async () => {
  const data = memoryFolder();
  await (await startRealHub({ CAPS_HTTPS: 'auto', CAPS_DATA: data })).close();
  writeFileSync(join(data, 'https', 'authority.pem'), 'oops');
  const again = startRealHub({ CAPS_HTTPS: 'auto', CAPS_DATA: data });
  await expect(again).rejects.toThrow(/authority\.pem is not this hub’s certificate authority any more/);
  await (await startRealHub({ CAPS_DATA: data })).close();
  rmSync(data, { recursive: true });
});
