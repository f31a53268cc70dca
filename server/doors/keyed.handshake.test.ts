/** Who one is comes from the key: a handshake need not say it again, and may not say anything else. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Welcome } from '../../protocol/messages.ts';
import { adminKey, type KeyedHub, startKeyedHub } from '../../testkit/keyed-hub.ts';
import { startRealHub } from '../../testkit/real-hub.ts';
import { TcpLine } from '../../testkit/tcp-lines.ts';
import { dial, next, refusalOf } from '../../testkit/test-client.ts';

let hub: KeyedHub;
let keys: Readonly<Record<string, string>>;
let tracking: string;
beforeAll(async () => {
  hub = await startKeyedHub();
  const red = await hub.issue({ role: 'vendor', store: 'red' });
  const ana = await hub.issue({ role: 'driver', driver: 'ana' });
  const order = { store: 'red', orderID: '1', customer: 'Hulda', address: '835 Meluk Pass' };
  const headers = { 'content-type': 'application/json' };
  const placed = await hub.ask('/api/orders', red.key, {
    method: 'POST',
    headers,
    body: JSON.stringify(order),
  });
  ({ tracking } = (await placed.json()) as { tracking: string });
  keys = { red: red.key, ana: ana.key, admin: adminKey, link: tracking, wrong: `ven_${'x'.repeat(32)}` };
});
afterAll(async () => {
  await hub.close();
  expect(hub.faults).toEqual([]);
});

/** @returns role and id of whom it is welcomed as, or the code that it is refused with */
type Come = (said: object) => Promise<string>;

const bySocketIo: Come = async (said) => {
  const socket = dial(`${hub.url}/caps`, { protocol: 1, ...said });
  const welcomed = next<Welcome>(socket, 'welcome').then(({ actor }) => `${actor.role} ${actor.id}`);
  const answer = await Promise.race([welcomed, refusalOf(socket).then(String)]);
  socket.close();
  return answer;
};

const byTcp: Come = async (said) => {
  const line = new TcpLine(hub.tcpPort);
  line.write({ event: 'hello', payload: said });
  const text = await line.line(({ event }) => event === 'welcome' || event === 'error');
  line.close();
  const { payload } = JSON.parse(text) as { payload: { code?: string; actor?: Welcome['actor'] } };
  return payload.code ?? `${payload.actor?.role} ${payload.actor?.id}`;
};

describe.each([
  ['Socket.IO', bySocketIo],
  ['TCP', byTcp],
])('[A2] by %s', (_, come) => {
  it.each<[key: string, said: object, as: string]>([
    ['red', {}, 'vendor red'],
    ['red', { role: 'vendor' }, 'vendor red'],
    ['red', { store: 'red' }, 'vendor red'],
    ['red', { role: 'vendor', store: 'red' }, 'vendor red'],
    ['ana', {}, 'driver ana'],
    ['ana', { role: 'driver' }, 'driver ana'],
    ['admin', {}, 'admin admin'],
    ['link', {}, 'customer customer'],
    ['none', {}, 'unauthorized'],
    ['none', { role: 'driver' }, 'unauthorized'],
    ['none', { key: 5 }, 'unauthorized'],
    ['red', { role: 'driver' }, 'unauthorized'],
    ['red', { store: 'blue' }, 'unauthorized'],
    ['red', { driver: 'ana' }, 'unauthorized'],
    ['ana', { role: 'vendor' }, 'unauthorized'],
    ['admin', { store: 'red' }, 'unauthorized'],
    ['link', { role: 'driver' }, 'unauthorized'],
    ['wrong', {}, 'unauthorized'],
    ['wrong', { role: 'vendor' }, 'unauthorized'],
    ['red', { role: 'hub' }, 'bad-message'],
    ['red', { role: 'vendor', store: 5 }, 'bad-message'],
  ])('the key of %s with %j is answered: %s', async (key, said, as) => {
    expect(await come(key === 'none' ? said : { ...said, key: keys[key] })).toBe(as);
  });
});

it('[A2] where access is open, a key that is no link says nothing of who one is', async () => {
  const open = await startRealHub();
  const socket = dial(`${open.url}/caps`, { protocol: 1, key: keys['red'] });
  expect(await refusalOf(socket)).toBe('bad-message');
  socket.close();
  await open.close();
});
