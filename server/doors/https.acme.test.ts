import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { request as ask } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PebbleServer } from '../../testkit/pebble-server.ts';
import { type ReservedPort, reservePort } from '../../testkit/ports.ts';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { memoryFolder } from '../../testkit/simulation/disk.ts';

const name = 'hub.example.com';
const waitMs = { timeout: 30_000, interval: 100 };
let folder: string;
let hub: RealHub | undefined;
let ports: ReservedPort[];
beforeEach(async () => {
  folder = memoryFolder();
  ports = [await reservePort(), await reservePort()];
});
afterEach(async () => {
  await hub?.close();
  expect(hub?.faults).toEqual([]);
  for (const port of ports) port.release();
  rmSync(folder, { recursive: true });
});

const portAt = (i: number): number => ports[i]?.port ?? 0;

function start(pebble: PebbleServer): Promise<RealHub> {
  return startRealHub({
    ...{ PORT: String(portAt(0)), CAPS_DATA: folder, CAPS_HTTPS: 'auto' },
    ...{ CAPS_PUBLIC_URL: `https://${name}`, CAPS_ACME_URL: pebble.directory },
  });
}

/** As a browser that knows the authority alone. */
async function browse(path: string, { root }: PebbleServer) {
  const asked = request({
    ...{ host: '127.0.0.1', port: portAt(0), path, ca: root, servername: name, agent: false },
    headers: { host: name },
  });
  asked.end();
  const [response] = await once(asked, 'response');
  const { serialNumber } = (response.socket as TLSSocket).getPeerCertificate();
  return { serialNumber, headers: response.headers, body: await text(response) };
}

it('a hub with a public name comes up with a certificate that browsers trust, and renews it by itself', async () => {
  await using pebble = await PebbleServer.start({ tlsPort: portAt(0), httpPort: portAt(1), seconds: 12 });
  hub = await start(pebble);
  await expect.poll(() => browse('/healthz', pebble).catch(() => undefined), waitMs).toBeDefined();
  const { serialNumber, headers, body } = await browse('/api/hub', pebble);
  expect(headers['strict-transport-security']).toBe('max-age=2592000');
  expect(JSON.parse(body)).toMatchObject({ https: { url: `https://${name}` } });

  const page = await fetchPlain('/driver?driver=ana');
  expect(page).toEqual([307, `https://${name}/driver?driver=ana`]);
  for (const path of ['/phone', '/ca.crt', '/healthz', '/api/events'])
    expect((await fetchPlain(path))[1]).toBeUndefined();
  // By another name its certificate is nobody's, so it leads nowhere.
  expect((await fetchPlain('/driver', `127.0.0.1:${portAt(0)}`))[1]).toBeUndefined();

  const files = readdirSync(join(folder, 'https'));
  expect(files).toHaveLength(4);
  for (const file of files) expect(statSync(join(folder, 'https', file)).mode & 0o777).toBe(0o600);
  await expect
    .poll(async () => (await browse('/healthz', pebble)).serialNumber, waitMs)
    .not.toBe(serialNumber);
  expect(hub.warnings.join()).toContain(`There is a certificate for ${name}`);

  // A restart takes the one of before, and needs no authority.
  const before = (await browse('/healthz', pebble)).serialNumber;
  await hub.close();
  hub = await start(pebble);
  expect((await browse('/healthz', pebble)).serialNumber).toBe(before);
}, 90_000);

it('where port 443 leads elsewhere, port 80 will do', async () => {
  await using pebble = await PebbleServer.start({ tlsPort: portAt(1), httpPort: portAt(0) });
  hub = await start(pebble);
  await expect.poll(() => browse('/healthz', pebble).catch(() => undefined), waitMs).toBeDefined();
}, 60_000);

it('where neither leads to the hub, it runs with its own certificate, and says what to do', async () => {
  await using pebble = await PebbleServer.start({ tlsPort: portAt(1), httpPort: portAt(1) });
  hub = await start(pebble);
  const ready = async () => JSON.parse((await fetchPlain('/readyz'))[2] ?? '') as { warning?: string };
  await expect.poll(async () => (await ready()).warning, waitMs).toBeDefined();
  const { warning } = await ready();
  expect(warning).toMatch(/no certificate for hub\.example\.com yet: .*does not get through to this hub/);
  expect(warning).toMatch(
    /Port 443 or port 80 .* through the router and the firewall\. The hub tries again at/,
  );
  await expect.poll(() => hub?.warnings.join(), waitMs).toContain('does not get through');
  const asked = request({ host: '127.0.0.1', port: portAt(0), path: '/healthz', rejectUnauthorized: false });
  asked.end();
  const [response] = await once(asked, 'response');
  const { raw } = (response.socket as TLSSocket).getPeerCertificate();
  expect(new X509Certificate(raw).issuer).toContain('CAPS hub');
  response.resume();
}, 60_000);

/** @returns status, where it leads, and the body */
async function fetchPlain(path: string, host = name): Promise<[number, string | undefined, string?]> {
  const asked = ask({ host: '127.0.0.1', port: portAt(0), path, headers: { host }, agent: false });
  asked.end();
  const [response] = await once(asked, 'response');
  const { location } = response.headers;
  const body = await text(response);
  return location === undefined ? [response.statusCode, undefined, body] : [response.statusCode, location];
}
