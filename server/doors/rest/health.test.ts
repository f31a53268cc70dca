import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rest } from '../../../protocol/rest.ts';
import { admin, order } from '../../../testkit/simulation/cast.ts';
import { SimulatedClock } from '../../../testkit/simulation/clock.ts';
import { memoryFolder } from '../../../testkit/simulation/disk.ts';
import { SimulatedStore } from '../../../testkit/simulation/store.ts';
import { createAccess } from '../../access/access.ts';
import { Answers } from '../../edge/answers.ts';
import { problems } from '../../edge/problems.ts';
import { createHub, type Hub } from '../../hub/hub.ts';
import { Presence } from '../../hub/presence.ts';
import { createOutbound } from '../../outbound/outbound.ts';
import { createMetrics } from '../../output/metrics.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite.ts';
import { createHealthDoor, createMetricsDoor } from './health.ts';

let folder: string;
let clock: SimulatedClock;
let store: SimulatedStore;
let hub: Hub;
let http: Server;
let url: string;
let drain: { isDraining: boolean };

beforeEach(async () => {
  folder = memoryFolder();
  clock = new SimulatedClock();
  store = new SimulatedStore(openSqliteStore(folder), clock);
  hub = await createHub({ store, clock, onFault: () => {} });
  drain = { isDraining: false };
  const presence = new Presence(clock, () => {});
  const access = createAccess({ adminKey: undefined, keys: store.keys, links: hub.read, clock });
  const addressOf = () => '127.0.0.1';
  const answers = new Answers({ clock, addressOf });
  const outbound = createOutbound({
    ...{ store, hub, access, clock, ownPort: () => 0, onFault: () => {} },
    config: { outbound: 'off', publicUrl: undefined, tcpPort: undefined },
  });
  const metrics = createMetricsDoor({
    ...{ hub, access, presence, answers, outbound, addressOf },
    metrics: createMetrics('1.2.3'),
  });
  http = createServer(
    express()
      .use(createHealthDoor({ hub, damage: store.damage, serverId: 'one', drain }))
      .use(metrics)
      .use(problems(() => {})),
  );
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(async () => {
  http.closeAllConnections();
  http.close();
  await hub.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

async function ask(path: string): Promise<[number, unknown]> {
  const response = await fetch(url + path);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return [response.status, await response.json()];
}

it('[S4] the hub is ready while the log can be written, and says why it is not', async () => {
  expect(await ask('/readyz')).toEqual([200, { status: 'ok' }]);
  store.failure = new Error('database or disk is full');
  await clock.advance(5_000);
  expect(await ask('/readyz')).toEqual([503, { status: 'the log cannot be written' }]);
  expect(await ask('/healthz')).toEqual([200, { status: 'ok', serverId: 'one' }]);
  store.failure = undefined;
  await clock.advance(1_000);
  expect(await ask('/readyz')).toEqual([200, { status: 'ok' }]);
  await hub.close();
  expect(await ask('/readyz')).toEqual([503, { status: 'the hub is stopping' }]);
  expect(await ask('/healthz')).toEqual([200, { status: 'ok', serverId: 'one' }]);
});

it('[S4] a hub that drains is not ready, and alive', async () => {
  drain.isDraining = true;
  expect(await ask('/readyz')).toEqual([503, { status: 'the hub is stopping' }]);
  expect(await ask('/healthz')).toEqual([200, { status: 'ok', serverId: 'one' }]);
});

it('/readyz says that the log is ahead of the machine’s clock; the hub is ready all the same', async () => {
  const submit = (id: string) => clock.settling(hub.submit(admin, 'hub', [order('red', id)]));
  await submit('1');
  clock.set(-60_000);
  await submit('2');
  expect(await ask('/readyz')).toEqual([200, { status: 'ok' }]);
  clock.set(-400 * 86_400_000);
  await submit('3');
  const warning = expect.stringMatching(/^The log’s last record lies 400 days in the future: /);
  expect(await ask('/readyz')).toEqual([200, { status: 'ok', warning }]);
  clock.set(401 * 86_400_000);
  expect(await ask('/readyz')).toEqual([200, { status: 'ok' }]);
});

it('/healthz does not touch the disk', async () => {
  store.failure = new Error('database or disk is full');
  for (let i = 0; i < 3; i += 1)
    expect(await ask('/healthz')).toEqual([200, { status: 'ok', serverId: 'one' }]);
  expect(store.probes).toBe(0);
});

it('/metrics is Prometheus’s text', async () => {
  const response = await fetch(`${url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await response.text()).toContain('caps_build_info{version="1.2.3"} 1\n');
});

it.each(['/healthz', '/readyz', '/metrics'])('%s is only read', async (path) => {
  const response = await fetch(url + path, { method: 'POST', body: 'x' });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  expect((await fetch(url + path, { method: 'HEAD' })).status).toBe(200);
});

it('/readyz names what the disk has damaged, in the fields that /openapi.json declares; the hub is ready all the same', async () => {
  store.damage.found('record 42');
  const [status, said] = await ask('/readyz');
  expect([status, said]).toEqual([200, { status: 'ok', damaged: ['record 42'], damagedCount: 1 }]);
  expect(rest['GET /readyz'].answer.strict().parse(said)).toEqual(said);
});
