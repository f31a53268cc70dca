/** Who tries keys is slowed, on every door; whoever has one gets in all the same. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { dial, next, refusalOf } from '../../testkit/test-client.ts';

const adminKey = 'adm-0123456789abcdef';
const atOnce = 20;
const everyMs = 250;

let hub: RealHub;
let port: number;
let issued: string;
beforeEach(async () => {
  await start();
});
afterEach(async () => {
  await hub.close();
  expect(hub.faults).toEqual([]);
});

async function start(settings: Record<string, string> = {}): Promise<void> {
  hub = await startRealHub({ CAPS_ADMIN_KEY: adminKey, ...settings });
  ({ port } = hub);
  const body = JSON.stringify({ role: 'vendor', store: 'red' });
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' };
  issued = (await (await fetch(`${hub.url}/api/keys`, { method: 'POST', headers, body })).json()).key;
}

type Door =
  | 'REST'
  | 'the page’s question'
  | 'metrics'
  | 'an event stream'
  | 'Socket.IO'
  | 'TCP'
  | 'a customer’s link';
const paths: Partial<Record<Door, string>> = {
  REST: '/api/orders',
  'the page’s question': '/api/hub',
  metrics: '/metrics',
  'an event stream': '/api/events',
};

/** @returns the code that it is refused with; undefined where it is let in */
async function show(door: Door, key: string, more: Record<string, string> = {}): Promise<unknown> {
  const who = { protocol: 1, role: 'vendor', store: 'red', key };
  if (door === 'TCP') {
    const line = new TcpLine(hub.tcpPort);
    line.write({ event: 'hello', payload: who });
    const { event, payload } = await line.message(({ event: one }) => one === 'welcome' || one === 'error');
    line.close();
    return event === 'error' ? payload['code'] : undefined;
  }
  if (door === 'Socket.IO') {
    const socket = dial(`${hub.url}/caps`, who);
    const answer = await Promise.race([next(socket, 'welcome'), refusalOf(socket)]);
    socket.close();
    return typeof answer === 'string' ? answer : undefined;
  }
  const accept = door === 'an event stream' ? 'text/event-stream' : 'application/json';
  const headers = { authorization: `Bearer ${key}`, accept, ...more };
  const answer = await fetch(`http://127.0.0.1:${port}${paths[door] ?? '/api/events'}`, { headers });
  if (answer.status === 429) expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  const problem = answer.ok ? undefined : await answer.json();
  await answer.body?.cancel().catch(() => {});
  return problem?.code;
}

const wrong = (n: number, prefix = 'ven_'): string => prefix + String(n).padStart(32, 'x');

async function tryWrong(
  door: Door,
  count: number,
  more: Record<string, string> = {},
): Promise<Map<unknown, number>> {
  const codes = new Map<unknown, number>();
  for (let n = 0; n < count; n += 1) {
    const code = await show(door, wrong(n, door === 'a customer’s link' ? 'trk_' : undefined), more);
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  return codes;
}

describe('of one address, twenty wrong keys are looked at, and then four a second', () => {
  it.each<Door>([
    'REST',
    'the page’s question',
    'metrics',
    'an event stream',
    'Socket.IO',
    'TCP',
    'a customer’s link',
  ])('%s', async (door) => {
    const begun = performance.now();
    expect(await tryWrong(door, atOnce)).toEqual(new Map([['unauthorized', atOnce]]));
    const first = performance.now();
    expect(await tryWrong(door, 8)).toEqual(new Map([['unauthorized', 8]]));
    const slowedMs = performance.now() - first;
    // What the first ones took has been made up for by then.
    expect(slowedMs).toBeGreaterThan(8 * everyMs - (first - begun) - 50);
    // Whoever has an issued key does not wait for those who try, however many share the address.
    expect(await show('REST', issued)).toBeUndefined();
    expect(await show('TCP', issued)).toBeUndefined();
    expect(await show('Socket.IO', issued)).toBeUndefined();
  });

  it('also where they are shown all at once: what would wait too long is not looked at', async () => {
    const begun = performance.now();
    const codes = await Promise.all(Array.from({ length: 300 }, (_, n) => show('REST', wrong(n))));
    const seconds = (performance.now() - begun) / 1_000;
    const looked = codes.filter((code) => code === 'unauthorized').length;
    expect(looked).toBeGreaterThanOrEqual(atOnce);
    expect(looked).toBeLessThanOrEqual(atOnce + (seconds * 1_000) / everyMs + 1);
    expect(codes.filter((code) => code === 'too-fast')).toHaveLength(300 - looked);
  });
});

it('the key of the settings, which could be guessed, waits its turn', async () => {
  await tryWrong('REST', atOnce + 2);
  expect(await show('metrics', adminKey)).toBeUndefined();
  void Promise.all(Array.from({ length: 100 }, (_, n) => show('REST', wrong(n))));
  await expect.poll(() => show('metrics', adminKey), { timeout: 10_000 }).toBeUndefined();
});

it('right keys and none are not counted', async () => {
  for (let n = 0; n < 40; n += 1) {
    expect(await show('metrics', adminKey)).toBeUndefined();
    expect((await fetch(`${hub.url}/api/orders`)).status).toBe(401);
  }
  expect(await show('REST', wrong(1))).toBe('unauthorized');
});

it('dispatch is told once, and all are counted in the metrics', async () => {
  const admin = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin', key: adminKey });
  const notices: Notice[] = [];
  admin.on('notice', (more: Notice[]) => notices.push(...more));
  await next(admin, 'welcome');
  const codes = await Promise.all(Array.from({ length: 100 }, (_, n) => show('REST', wrong(n))));
  const tooFast = codes.filter((code) => code === 'too-fast').length;
  await expect.poll(() => notices.filter(({ code }) => code === 'unauthorized').length).toBeGreaterThan(0);
  const own = notices.filter(({ code }) => code === 'too-fast');
  expect(own).toMatchObject([{ kind: 'fault', who: '127.0.0.1', door: 'rest', count: 1 }]);
  expect(own[0]?.message).toMatch(/^Wrong keys come from this address/);
  admin.close();
  const headers = { authorization: `Bearer ${adminKey}` };
  const text = await (await fetch(`${hub.url}/metrics`, { headers })).text();
  const counted = (code: string) =>
    Number(new RegExp(`caps_refusals_total\\{code="${code}",door="rest"\\} (\\d+)`).exec(text)?.[1]);
  expect([counted('too-fast'), counted('unauthorized')]).toEqual([tooFast, 100 - tooFast]);
});

it('dispatch is told where a wrong key comes from, on whichever door', async () => {
  const admin = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin', key: adminKey });
  const notices: Notice[] = [];
  admin.on('notice', (more: Notice[]) => notices.push(...more));
  await next(admin, 'welcome');
  for (const one of ['REST', 'TCP', 'Socket.IO'] as const)
    expect(await show(one, wrong(1))).toBe('unauthorized');
  const places = () =>
    new Set(notices.filter(({ code }) => code === 'unauthorized').map(({ door, who }) => `${door} ${who}`));
  await expect
    .poll(places, { timeout: 5_000 })
    .toEqual(new Set(['rest 127.0.0.1', 'tcp 127.0.0.1', 'socket.io 127.0.0.1']));
  admin.close();
});

it('behind a proxy that is believed, each of its users has an address', async () => {
  await hub.close();
  await start({ CAPS_TRUST_PROXY: 'on' });
  const waitOf = async (address: string): Promise<number> => {
    const begun = performance.now();
    expect(await show('REST', wrong(1), { 'x-forwarded-for': address })).toBe('unauthorized');
    return performance.now() - begun;
  };
  // A busy machine may keep one waiting, and not all.
  const leastWaitOf = async (addresses: readonly string[]): Promise<number> => {
    let least = Number.POSITIVE_INFINITY;
    for (const address of addresses) least = Math.min(least, await waitOf(address));
    return least;
  };
  const flood = (addressOf: (n: number) => string) =>
    Promise.all(
      Array.from({ length: 25 }, (_, n) => show('REST', wrong(n), { 'x-forwarded-for': addressOf(n) })),
    );
  await flood(() => '10.0.0.1');
  expect(await waitOf('10.0.0.1')).toBeGreaterThan(everyMs / 2);
  const others = Array.from({ length: 5 }, (_, n) => n + 2);
  expect(await leastWaitOf(others.map((n) => `10.0.0.${n}`))).toBeLessThan(everyMs / 2);
  // Whoever has one address of version 6 has all of its network.
  await flood((n) => `2001:db8::${n + 1}`);
  expect(await waitOf('2001:db8:0:0:99::1')).toBeGreaterThan(everyMs / 2);
  expect(await leastWaitOf(others.map((n) => `2001:db8:0:${n}::1`))).toBeLessThan(everyMs / 2);
});
