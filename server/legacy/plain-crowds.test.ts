/** One plain client or one address that takes more than its share leaves the others theirs. */

import { once } from 'node:events';

import { Manager, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Notice } from '../../protocol/messages.ts';
import { type RealHub, startRealHub } from '../../testkit/real-hub.ts';
import { dial, next, openClient, orderOf, stepOf } from '../../testkit/test-client.ts';

let hub: RealHub;
let admin: Socket;
const open: { close(): unknown }[] = [];

beforeAll(async () => {
  hub = await startRealHub({ CAPS_RATE: '10', CAPS_TRUST_PROXY: '1' });
  admin = dial(`${hub.url}/caps`, { protocol: 1, role: 'admin' });
  await next(admin, 'welcome');
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});
afterAll(async () => {
  admin.close();
  await hub.close();
  expect(hub.faults).toEqual([]);
});

function manager(address = '203.0.113.1'): Manager {
  const made = new Manager(hub.url, {
    transports: ['websocket'],
    reconnection: false,
    extraHeaders: { 'x-forwarded-for': address },
  });
  open.push({ close: () => made._close() });
  return made;
}

/** Whether it may join. */
async function joins(socket: Socket): Promise<boolean> {
  if (socket.connected) return true;
  return Promise.race([
    once(socket as never, 'connect').then(() => true),
    once(socket as never, 'connect_error').then(() => false),
  ]);
}

async function noticed(fits: (notice: Notice) => boolean): Promise<Notice> {
  for (;;) {
    const found = (await next<Notice[]>(admin, 'notice')).find(fits);
    if (found) return found;
  }
}

describe('[S3] a namespace', () => {
  it('whose name is too long is refused, and dispatch is told', async () => {
    const notice = noticed(({ code }) => code === 'too-large');
    expect(await joins(manager().socket(`/${'x'.repeat(200)}`))).toBe(false);
    expect(await notice).toMatchObject({ kind: 'refused', door: 'socket.io' });
  });

  it('is one of a few of its address: others find room, and dispatch is told', async () => {
    const notice = noticed(({ code }) => code === 'busy');
    const results: boolean[] = [];
    for (let connection = 0; connection < 5; connection += 1) {
      const one = manager();
      for (let i = 0; i < 8; i += 1) results.push(await joins(one.socket(`/mine-${connection}-${i}`)));
    }
    expect(results.filter((joined) => joined)).toHaveLength(24);
    expect(await notice).toMatchObject({ kind: 'refused', door: 'socket.io' });
    // What is there already is open to it, and anything to another.
    expect(await joins(manager().socket('/mine-0-0'))).toBe(true);
    expect(await joins(manager().socket('/caps'))).toBe(true);
    expect(await joins(manager('203.0.113.2').socket('/theirs'))).toBe(true);
  });

  it('that is left makes room for another', async () => {
    for (let round = 0; round < 4; round += 1) {
      const one = manager('203.0.113.3');
      const sockets = Array.from({ length: 8 }, (_, i) => one.socket(`/round-${round}-${i}`));
      for (const socket of sockets) expect(await joins(socket)).toBe(true);
      for (const socket of sockets) {
        // Answered: what it says before it leaves is in order.
        await socket.emitWithAck('pickup', {});
        socket.disconnect();
      }
      const last = one.socket(`/caps`);
      expect(await joins(last)).toBe(true);
      await last.emitWithAck('pickup', {});
    }
  });

  it('has no pace of its own: a connection is as fast in eight as in one', async () => {
    const one = manager('203.0.113.4');
    const sockets = Array.from({ length: 8 }, (_, i) => one.socket(`/pace-${i}`));
    for (const socket of sockets) await joins(socket);
    const asked = sockets.flatMap((socket) =>
      Array.from({ length: 50 }, () => socket.emitWithAck('pickup', {}) as Promise<Answer>),
    );
    const codes = (await Promise.all(asked)).map((answer) => (answer.ok ? 'ok' : answer.error.code));
    expect(codes.filter((code) => code !== 'too-fast').length).toBeLessThan(150);
  });
});

it('[S3] chat of one address leaves the others a part of its pace', async () => {
  const roomy = await startRealHub({ CAPS_RATE: 'off', CAPS_TRUST_PROXY: '1' });
  const from = (address: string) =>
    dial(`${roomy.url}/caps`, {}, { extraHeaders: { 'x-forwarded-for': address } });
  const [loud, quiet] = [from('203.0.113.5'), from('203.0.113.6')];
  await Promise.all([next(loud, 'connect'), next(quiet, 'connect')]);
  for (let i = 0; i < 100; i += 1) loud.emit('shout', i);
  expect(await loud.emitWithAck('shout', 100)).toMatchObject({ ok: false, error: { code: 'too-fast' } });
  const told = next(loud, 'reply');
  quiet.emit('reply', 'I can be heard.');
  expect(await told).toBe('I can be heard.');
  for (const one of [loud, quiet]) one.close();
  await roomy.close();
});

it('a driver hears of the in-transit that it asks for, also when the parcel is released before', async () => {
  const roomy = await startRealHub();
  const shop = await openClient(roomy.url, { role: 'vendor', store: 'red' });
  const ana = await openClient(roomy.url, { role: 'driver', driver: 'ana' });
  const [ear, mouth] = [dial(`${roomy.url}/caps`, {}), dial(`${roomy.url}/caps`, {})];
  await Promise.all([next(ear, 'connect'), next(mouth, 'connect')]);
  const payload = { store: 'red', orderID: '1' };
  await shop.send(orderOf('red', '1'));
  await ana.send(stepOf('claimed', 'red', '1'));
  expect(await ear.emitWithAck('in-transit', payload)).toMatchObject({ error: { code: 'taken' } });
  await ana.send(stepOf('released', 'red', '1'));
  // The same driver's other connection.
  const told = next<{ orderID: string }>(ear, 'in-transit');
  await mouth.emitWithAck('in-transit', payload);
  expect(await told).toMatchObject({ orderID: '1' });
  for (const one of [shop, ana, ear, mouth]) one.close();
  await roomy.close();
});
