import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { get as getByTls } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { certificate as ca, certificateKey } from '../../testkit/simulation/certificate.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';
import { dial, openClient, openTcpClient, orderOf, refusalOf } from '../../testkit/test-client.ts';
import { issue, makeAuthority } from '../tls/authority.ts';

let folder: string;
let hub: RealHub;
beforeAll(async () => {
  folder = memoryFolder();
  const files = { CAPS_TLS_CERT: join(folder, 'cert.pem'), CAPS_TLS_KEY: join(folder, 'key.pem') };
  writeFileSync(files.CAPS_TLS_CERT, ca);
  writeFileSync(files.CAPS_TLS_KEY, certificateKey);
  hub = await startRealHub(files);
});
afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true });
  expect(hub.faults).toEqual([]);
});

async function read(path: string, headers: Record<string, string> = {}) {
  const [response] = (await once(
    getByTls(hub.url + path, { ca, headers, servername: 'localhost' }),
    'response',
  )) as [IncomingMessage];
  return {
    status: response.statusCode,
    headers: response.headers,
    text: (await response.toArray()).join(''),
  };
}

it('the hub says that it is reached by HTTPS, and links say so too', async () => {
  expect(hub.url).toMatch(/^https:/);
  const { addresses } = JSON.parse((await read('/api/hub')).text) as { addresses: string[] };
  expect(addresses).toEqual([hub.url]);
  const shop = await openClient(hub.url, { role: 'vendor', store: 'red' }, { ca });
  await shop.send(orderOf('red', '1'));
  shop.close();
  const { tracking } = JSON.parse((await read('/api/orders/red/1')).text) as { tracking: string };
  expect(tracking).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/track\/trk_/);
});

it.each(['websocket', 'polling'])('Socket.IO comes by HTTPS as well: %s', async (transport) => {
  const options = { ca, transports: [transport], extraHeaders: { origin: hub.url } };
  const shop = await openClient(hub.url, { role: 'vendor', store: 'blue' }, options);
  expect(await shop.send(orderOf('blue', transport))).toMatchObject([{ ok: true }]);
  shop.close();
});

it('[A3] what only HTTPS makes sense of is asked of browsers, and nothing that outlives it', async () => {
  const { headers } = await read('/');
  expect(headers['content-security-policy']).toContain('upgrade-insecure-requests');
  expect(headers['strict-transport-security']).toBeUndefined();
});

it('[A3] a page of another origin gets nowhere by HTTPS either', async () => {
  const evil = { origin: 'https://evil.example' };
  expect((await read('/api/orders', evil)).status).toBe(403);
  expect((await read('/api/orders', { host: 'evil.example' })).status).toBe(403);
  const socket = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' }, {
    ca,
    extraHeaders: evil,
  } as object);
  expect(await refusalOf(socket)).toBe('websocket error');
});

it('[S1] a client that speaks plain HTTP is told the right address, and disconnected', async () => {
  const request = get(hub.url.replace('https:', 'http:'));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  expect([response.statusCode, response.headers.location]).toEqual([308, `${hub.url}/`]);
  await once(response.resume(), 'end');
  expect(response.headers.connection).toBe('close');
});

it('another certificate in the files is there within seconds, and nobody is cut off', async () => {
  const shop = await openClient(hub.url, { role: 'vendor', store: 'stays' }, { ca });
  const authority = await makeAuthority({ machine: 'ca', names: [], now: Date.now() });
  const pair = await issue(authority, ['localhost'], Date.now());
  writeFileSync(join(folder, 'cert.pem'), pair.cert);
  writeFileSync(join(folder, 'key.pem'), pair.key);
  const other = { ca: authority.cert, servername: 'localhost', agent: false } as const;
  const isThere = () =>
    once(getByTls(`${hub.url}/healthz`, other), 'response').then(
      ([response]: IncomingMessage[]) => response?.resume().statusCode,
      () => undefined,
    );
  await expect.poll(isThere, { timeout: 20_000 }).toBe(200);
  expect(await shop.send(orderOf('stays', '1'))).toMatchObject([{ ok: true }]);
  shop.close();
});

it('the TCP door stays plain', async () => {
  const shop = await openTcpClient(hub.tcpPort, { role: 'vendor', store: 'lines' });
  expect(await shop.send(orderOf('lines', '1'))).toMatchObject([{ ok: true }]);
  shop.close();
});
