import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Notice } from '../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { dial, next, refusalOf } from '../../testkit/test-client.ts';

let hub: RealHub;
let admin: Socket;
const told: Notice[] = [];
beforeAll(async () => {
  hub = await startRealHub();
  admin = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' });
  admin.on('notice', (some: Notice[]) => told.push(...some));
  await next(admin, 'welcome');
});
afterAll(async () => {
  admin.close();
  await hub.close();
  expect(hub.faults).toEqual([]);
});

/** Not `fetch`, which says its own host. */
async function refused(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<void> {
  const asking = request({ host: '127.0.0.1', port: hub.port, path, headers, method, agent: false });
  asking.end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBeGreaterThanOrEqual(400);
}

/** By code and door. */
async function counted(): Promise<Record<string, number>> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  const counts = text.matchAll(/^caps_refusals_total\{code="([\w-]+)",door="([\w.-]+)"\} ([1-9]\d*)$/gm);
  return Object.fromEntries([...counts].map(([, code, door, count]) => [`${code} ${door}`, Number(count)]));
}

const evil = { origin: 'http://evil.example' };
const renamed = { host: 'evil.example' };

const refusals: [what: string, refuse: () => Promise<unknown>, counted: string, message: RegExp][] = [
  [
    'a program under another name',
    () => refused('/api/orders', renamed),
    'not-allowed rest',
    /does not know the address/,
  ],
  [
    'REST from another origin',
    () => refused('/api/orders', evil),
    'not-allowed rest',
    /^A page at http:\/\/evil\.example asked/,
  ],
  [
    'a customer’s page from there',
    () => refused('/track/x', evil),
    'not-allowed rest',
    /^A page at http:\/\/evil\.example asked/,
  ],
  [
    'Socket.IO by polling from another origin',
    () => refused('/socket.io/?EIO=4&transport=polling', evil),
    'not-allowed socket.io',
    /^A page at http:\/\/evil\.example asked/,
  ],
  [
    'Socket.IO by WebSocket from another origin',
    () => refusalOf(dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' }, { extraHeaders: evil })),
    'not-allowed socket.io',
    /^A page at http:\/\/evil\.example asked/,
  ],
  ['a link that leads nowhere', () => refused('/track/trk_x'), 'unknown-parcel rest', /no order behind/],
  ['its stream', () => refused('/track/trk_x/live'), 'unknown-parcel rest', /no order behind/],
  ['what is no link', () => refused('/track/x', {}, 'POST'), 'bad-message rest', /not POST/],
  ['a code of another address', () => refused('/qr.svg?url=http://e.example'), 'bad-message rest', /QR code/],
  ['metrics by another method', () => refused('/metrics', {}, 'PUT'), 'bad-message rest', /not PUT/],
  ['what REST has not got', () => refused('/api/nothing'), 'bad-message rest', /nothing at GET/],
];

it.each(refusals)('[A3][S3] %s: the refusal is counted once', async (_, refuse, which) => {
  const before = await counted();
  await refuse();
  expect(await counted()).toEqual({ ...before, [which]: (before[which] ?? 0) + 1 });
});

it('[A3][S3] dispatch is told of each, and from where it came', async () => {
  for (const [what, , which, message] of refusals) {
    const [code, door] = which.split(' ');
    const isIt = (notice: Notice) =>
      notice.code === code && notice.door === door && message.test(notice.message);
    while (!told.some(isIt)) await next(admin, 'notice');
    expect(told.find(isIt), what).toMatchObject({ kind: 'refused', who: '127.0.0.1' });
  }
});
